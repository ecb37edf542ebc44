import { deploy } from "../harness/model/step.ts";
import { select } from "../harness/model/site.ts";
import machines from "../specs/machines.ts";

export default deploy(machines, {
  does: "Import the cloud image as a template",
  makes: ["template-exists"],
  run: ({ ansible }) => ansible({ tags: ["proxmox_template"] }),
}, {
  does: "Create, size and start the declared machines",
  makes: ["vm-exists", "vm-cores", "vm-memory", "vm-disk", "vm-bridge", "vm-running"],
  run: ({ ansible }) => ansible({ tags: ["proxmox_provision"] }),
}, {
  does: "Pin the machines' SSH host keys through the guest agent",
  makes: ["ssh-answers"],
  run: async ({ site, readGuestFile, pinHostKeys, log }) => {
    for (const host of select(site, "vm")) {
      const key = await readGuestFile(host, "/etc/ssh/ssh_host_ed25519_key.pub");
      await pinHostKeys(host, [key]);
      log(`pinned ${host.name}: ${key.trim()}`);
    }
  },
}, {
  does: "Give each machine its own name and machine id",
  makes: ["hostname-own", "machine-id-unique"],
  run: ({ ansible }) => ansible({ tags: ["proxmox_identity"] }),
}, {
  does: "Set the machines' clocks",
  makes: ["clock-true"],
  run: ({ ansible }) => ansible({ tags: ["proxmox_clock"] }),
});
