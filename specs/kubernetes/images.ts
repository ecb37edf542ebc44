import type { Kubernetes } from "../../harness/model/site.ts";

/** What exercises run in their pods: Kubernetes' own test image, which serves, connects and has a shell. */
export const exerciseImage = "registry.k8s.io/e2e-test-images/agnhost:2.59";

/** Images of the control plane and of every node, by their public names, that are fetched from the site's own registries. */
export function imagesOf({ version }: Pick<Kubernetes, "version">): string[] {
  const components = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];
  return [...components.map((name) => `registry.k8s.io/${name}:v${version}`), exerciseImage];
}
