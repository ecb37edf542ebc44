import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { daysLeft, daysUntil } from "./certificates.ts";

/** A self-signed certificate in PEM that is valid for so many days from now. */
async function certificate(days: number): Promise<string> {
  const args = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=x"];
  const command = new Deno.Command("openssl", { args: [...args, "-days", `${days}`], stderr: "null" });
  return new TextDecoder().decode((await command.output()).stdout);
}

const [ended, old, young] = await Promise.all([1, 20, 200].map(certificate));
const kubeconfig = (pem: string) => `users:\n- user:\n    client-certificate-data: ${btoa(pem)}\n`;

/** Asks for the days left on a host with these files, by their paths. */
async function ask(files: Record<string, string>): Promise<string> {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    const script = daysLeft.replaceAll(/(\/etc\/(?:kubernetes|ssl)|\/var\/lib\/kubelet)/g, `${root}$1`);
    const { code, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    const said = new TextDecoder().decode(code === 0 ? stdout : stderr).trim();
    return code === 0 ? said : said.replaceAll(root, "");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** A worker as kubespray leaves it, a year on. */
const worker = {
  "/etc/kubernetes/ssl/ca.crt": young,
  "/etc/kubernetes/kubelet.conf":
    "users:\n- user:\n    client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem\n",
  "/var/lib/kubelet/pki/kubelet-client-2025-01-01-00-00-00.pem": ended,
  "/var/lib/kubelet/pki/kubelet-client-current.pem": young,
  "/var/lib/kubelet/pki/kubelet.crt": young,
};

Deno.test("client certificates that the kubelet has rotated away do not count", async () => {
  assert.match(await ask(worker), /^(199|200)$/);
});

Deno.test("the kubelet's client certificate counts, and the serving certificate that is in use", async () => {
  const pki = "/var/lib/kubelet/pki";
  assert.match(await ask({ ...worker, [`${pki}/kubelet-client-current.pem`]: old }), /^(19|20)$/);
  assert.match(await ask({ ...worker, [`${pki}/kubelet.crt`]: old }), /^(19|20)$/);
  const rotated = { ...worker, [`${pki}/kubelet.crt`]: ended, [`${pki}/kubelet-server-current.pem`]: young };
  assert.match(await ask(rotated), /^(199|200)$/);
  assert.match(await ask({ ...rotated, [`${pki}/kubelet-server-current.pem`]: old }), /^(19|20)$/);
});

Deno.test("so do the control plane's, etcd's in kubespray's folder, and those in kubeconfigs; keys do not", async () => {
  const plane = {
    ...worker,
    "/etc/ssl/etcd/ssl/member-master.pem": young,
    "/etc/ssl/etcd/ssl/member-master-key.pem": "no certificate",
    "/etc/kubernetes/admin.conf": kubeconfig(young),
  };
  assert.match(await ask(plane), /^(199|200)$/);
  assert.match(await ask({ ...plane, "/etc/kubernetes/ssl/apiserver.crt": old }), /^(19|20)$/);
  assert.match(await ask({ ...plane, "/etc/ssl/etcd/ssl/member-master.pem": old }), /^(19|20)$/);
  assert.match(await ask({ ...plane, "/etc/kubernetes/admin.conf": kubeconfig(old) }), /^(19|20)$/);
});

Deno.test("a certificate that cannot be read is said by name, and no certificate at all is no number", async () => {
  const broken = { ...worker, "/etc/kubernetes/ssl/apiserver.crt": "half" };
  assert.match(await ask(broken), /^Cannot read \/etc\/kubernetes\/ssl\/apiserver\.crt as a certificate$/m);
  assert.equal(await ask({ "/etc/hostname": "x" }), "");
});

Deno.test("the days until a certificate ends are counted down to whole ones, also when it has ended", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");
  assert.equal(daysUntil("notAfter=Jan 31 11:59:59 2026 GMT\n", now), 29);
  assert.equal(daysUntil("notAfter=Jan 31 12:00:00 2026 GMT\n", now), 30);
  assert.equal(daysUntil("notAfter=Dec 31 12:00:00 2025 GMT\n", now), -1);
  assert.ok(Number.isNaN(daysUntil("no certificate", now)));
});
