import { deploy } from "../harness/model/step.ts";
import vpn from "../specs/vpn.ts";

// One run for both ends: a node does not notice by itself that the gateway began anew, so Ansible greets it from there.
export default deploy(vpn, {
  does: "Set up WireGuard on the gateway and the nodes, and the gateway's firewall",
  makes: [
    "gateway-key-private",
    "peer-key-private",
    "gateway-unit-enabled",
    "peer-unit-enabled",
    "gateway-interface-up",
    "peer-interface-up",
    "gateway-listening",
    "gateway-peers",
    "peer-peers",
    "firewall-declared",
    "handshake-answered",
    "handshakes-young",
    "peer-reaches-gateway",
    "gateway-reaches-peers",
    "gateway-forwards",
    "gateway-masquerades",
    "gateway-reaches-home",
  ],
  run: ({ ansible }) => ansible({ tags: ["pangolin"] }),
});
