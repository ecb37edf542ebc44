import { deploy } from "../harness/model/step.ts";
import preflight from "../specs/preflight.ts";

export default deploy(preflight, {
  does: "Install Ansible, the Proxmox client, SOPS and kubectl into the cache",
  makes: ["ansible-installed", "proxmoxer-installed", "sops-installed", "kubectl-installed"],
  run: ({ installTools }) => installTools(),
}, {
  does: "Guard the site file and the private keys",
  makes: ["site-file-guarded", "age-key-private", "ssh-key-private"],
  run: async ({ $, site }) => {
    await $`chmod go-w ${site.path}`;
    await $`chmod 600 ${site.secrets.age_key} ${site.ssh.key}`;
  },
}, {
  does: "Write the Ansible inventory from the site file",
  makes: ["inventory-current", "playbooks-parse"],
  run: ({ writeInventory }) => writeInventory(),
});
