import { deploy } from "../harness/model/step.ts";
import network from "../specs/network.ts";

export default deploy(network, {
  does: "Install the network plugin",
  makes: ["plugin-running"],
  run: ({ ansible }) => ansible({ tags: ["cni"] }),
}, {
  does: "Install kube-proxy",
  makes: ["proxy-running"],
  run: ({ ansible }) => ansible({ tags: ["kubespray"] }),
}, {
  does: "Restart the network plugin, which makes its routes anew",
  makes: ["pods-routed"],
  run: async ({ $, site }) => {
    const { cni, kubeconfig } = site.kubernetes!;
    const daemonSet = `daemonset/${cni.plugin === "calico" ? "calico-node" : "kube-router"}`;
    const kubectl = ["kubectl", "--kubeconfig", kubeconfig, "--namespace", "kube-system"];
    await $`${kubectl} rollout restart ${daemonSet}`;
    await $`${kubectl} rollout status ${daemonSet} --timeout=120s`;
  },
});
