import { deploy } from "../harness/model/step.ts";
import vpn from "../specs/vpn.ts";

export default deploy(vpn, {
  does: "Set up WireGuard, its peers and the firewall on the gateway",
  makes: [
    "gateway-key-private",
    "gateway-unit-enabled",
    "gateway-interface-up",
    "gateway-listening",
    "gateway-peers",
    "firewall-declared",
    "gateway-forwards",
    "gateway-masquerades",
    "handshake-answered",
  ],
  run: ({ ansible }) => ansible({ tags: ["pangolin"], limit: "gateway" }),
}, {
  does: "Set up WireGuard on the nodes",
  makes: [
    "peer-key-private",
    "peer-unit-enabled",
    "peer-interface-up",
    "peer-peers",
    "handshakes-young",
    "peer-reaches-gateway",
    "gateway-reaches-peers",
    "gateway-reaches-home",
  ],
  run: ({ ansible }) => ansible({ tags: ["pangolin"], limit: "kube_control_plane,kube_node" }),
});
