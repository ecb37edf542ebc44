import { sameSet } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { lines } from "../harness/model/probe.ts";
import type { Kubernetes, Site } from "../harness/model/site.ts";
import { imagesOf } from "./kubernetes/images.ts";
import preflight from "./preflight.ts";

const kubernetesOf = (site: Site): Kubernetes => site.kubernetes!;

/** The programs that every node downloads. */
const programs = ["kubeadm", "kubelet", "kubectl"];

/** A command that prints the names, of `name URL` pairs, whose URL answers. */
function answering(pairs: readonly (readonly [string, string])[]): string {
  const list = pairs.map(([name, url]) => `${name} ${url}`).join("\n");
  const head = "curl -fsSIL --max-time 8 -o /dev/null";
  return `while read -r name url; do if ${head} "$url"; then echo "$name"; fi; done <<'EOF'\n${list}\nEOF`;
}

function manifestUrl({ registry_mirrors }: Kubernetes, image: string): string {
  const [, registry, repository, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(image)!;
  const base = registry_mirrors[registry] ?? `https://${registry}`;
  return `${base}/v2/${repository}/manifests/${tag}?ns=${registry}`;
}

export default phase({
  title: "What the cluster is made of can be had",
  after: [preflight],
  skippedOn: (site) => site.kubernetes ? null : "the site has no 'kubernetes' section",
  asserts: {
    "release-served": {
      title: "The declared release's programs can be downloaded, with their checksums",
      severity: "critical",
      why: "No node can be made, mended or upgraded without them.",
      verify: (site) => {
        const { release_url, version } = kubernetesOf(site);
        const files = programs.flatMap((name) => [name, `${name}.sha256`]);
        const url = (name: string) => `${release_url}/release/v${version}/bin/linux/amd64/${name}`;
        return lines(answering(files.map((name) => [name, url(name)])), { timeoutMs: 30_000 }).should(sameSet(files));
      },
      remedy: "See that `kubernetes.release_url` can be reached and that the release exists there.",
    },
    "images-served": {
      title: "The registries have the images of the cluster's own components",
      severity: "critical",
      why: "A pod whose image cannot be pulled never starts, and a node that is made anew has no images.",
      needs: ["release-served"],
      verify: (site) => {
        const images = imagesOf(kubernetesOf(site));
        const pairs = images.map((image) => [image, manifestUrl(kubernetesOf(site), image)] as const);
        return lines(answering(pairs), { timeoutMs: 60_000 }).should(sameSet(images));
      },
      remedy:
        "See that the registry, or its mirror in `kubernetes.registry_mirrors`, can be reached and has the image.",
    },
  },
});
