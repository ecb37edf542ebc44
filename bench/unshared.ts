/**
 * The control of the count: the same two questions about pods twice, once each on their own and once as an attempt asks
 * them. Run inside the lab's network with the kubeconfig's path; the first way must be counted as two lists.
 *
 * @module
 */

import { askList, type KubeProbe } from "../harness/adapters/probes/kube/ask.ts";
import { KubeClient } from "../harness/adapters/probes/kube/client.ts";
import { KubeConfigFile } from "../harness/adapters/probes/kube/kubeconfig.ts";
import { kube } from "../harness/model/probe.ts";

const client = new KubeClient(new KubeConfigFile(Deno.args[0]));
const { signal } = new AbortController();
for (const selector of ["k8s-app=kube-dns", "k8s-app=kube-proxy"]) {
  const [answer] = await askList(client, [kube("v1/pods", { selector }).spec as KubeProbe], signal);
  if (!answer.ok) throw new Error(`Cannot test the count: ${answer.reason}`);
}
