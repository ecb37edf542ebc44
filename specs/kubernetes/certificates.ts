import { atLeast, equal, having } from "../../harness/model/matcher.ts";
import type { Assertion } from "../../harness/model/phase.ts";
import { file, sh } from "../../harness/model/probe.ts";
import { quote } from "../../harness/model/render.ts";
import { kubernetesOf } from "./nodes.ts";

/** Days that every certificate must still be valid. */
const certificateDays = 30;

/**
 * Prints the days left of the certificate that ends first: those of the control plane and of etcd in kubeadm's and kubespray's
 * folders, those inside kubeconfigs, and those that the kubelet uses. In the kubelet's own folder nothing else counts: it
 * never deletes a client certificate that it has rotated away (kubernetes/kubernetes#53027), and `kubelet.crt`, which it signs
 * itself, is out of use where its serving certificate is rotated too.
 */
export const daysLeft = [
  "list() {",
  "  for folder in /etc/kubernetes/ssl /etc/kubernetes/pki /etc/ssl/etcd; do",
  `    if [ -d "$folder" ]; then find "$folder" \\( -name '*.crt' -o -name '*.pem' \\) ! -name '*key*'; fi`,
  "  done",
  "  if [ -d /etc/kubernetes ]; then",
  "    find /etc/kubernetes -maxdepth 1 -name '*.conf' -exec grep -l client-certificate-data {} +",
  "  fi",
  "  pki=/var/lib/kubelet/pki",
  "  if [ -e $pki/kubelet-client-current.pem ]; then echo $pki/kubelet-client-current.pem; fi",
  "  if [ -e $pki/kubelet-server-current.pem ]; then echo $pki/kubelet-server-current.pem",
  "  elif [ -e $pki/kubelet.crt ]; then echo $pki/kubelet.crt; fi",
  "}",
  `pem() { case "$1" in *.conf) sed -n 's/.*client-certificate-data: *//p' "$1" | base64 -d ;; *) cat "$1" ;; esac; }`,
  "days=$(list | while read -r file; do",
  `  end=$(pem "$file" | openssl x509 -noout -enddate) || { echo "Cannot read $file as a certificate" >&2; exit 1; }`,
  `  echo $((($(date -d "\${end#*=}" +%s) - $(date +%s)) / 86400))`,
  "done) || exit 1",
  `echo "$days" | sort -n | head -n 1`,
].join("\n");

export const certificatesValid: Assertion<never> = {
  title: "Every certificate of the node is valid for another 30 days",
  severity: "critical",
  why: "On the day one ends, the API or the kubelet refuses everybody, and kubectl with them.",
  on: "node",
  verify: sh(daysLeft).should(atLeast(certificateDays, " days")),
  remedy: "Run `deno task up --phase cluster`, which renews the control plane's and the kubelet's `kubelet.crt`; the " +
    "kubelet renews `kubelet-client-current.pem` itself.",
  onFail: [
    "kubeadm certs check-expiration",
    "ls -l /var/lib/kubelet/pki",
    "openssl x509 -noout -enddate -in /var/lib/kubelet/pki/kubelet.crt",
  ],
};

/** Days from `now`, in milliseconds since 1970, until what `openssl x509 -enddate` prints. */
export function daysUntil(printed: string, now: number = Date.now()): number {
  return Math.floor((Date.parse(printed.replace(/^notAfter=/, "")) - now) / 86_400_000);
}

export const kubeconfigLasts: Assertion<"kubeconfig-private"> = {
  title: "The administrator's kubeconfig is valid for another 30 days",
  severity: "major",
  why:
    "The control plane renews its own copy; on the day the runner's ends, nothing can be looked at or mended any more.",
  needs: ["kubeconfig-private"],
  verify: (site) => {
    const certificate = `sed -n 's/.*client-certificate-data: *//p' ${
      quote(kubernetesOf(site).kubeconfig)
    } | head -n 1`;
    return sh(`${certificate} | base64 -d | openssl x509 -noout -enddate`).map((printed) => daysUntil(printed))
      .should(atLeast(certificateDays, " days"));
  },
  remedy: "Run `deno task up --phase cluster`, which fetches it anew from the control plane.",
};

export const kubeconfigPrivate: Assertion<never> = {
  title: "Only its owner can read the administrator's kubeconfig",
  severity: "critical",
  why: "Whoever reads it is the cluster's administrator.",
  verify: (site) =>
    file(kubernetesOf(site).kubeconfig).should(having({ type: equal("regular file"), mode: equal("600") })),
  remedy:
    "chmod 600 the file; if anyone else could have read it, renew its certificate (`kubeadm certs renew admin.conf`).",
};
