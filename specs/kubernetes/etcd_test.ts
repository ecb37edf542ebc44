import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Host, Site } from "../../harness/model/site.ts";
import { etcdHealthy, newestSnapshotHours, snapshotFolder } from "./etcd.ts";

/** Runs the snapshot check over a folder with one file of these bytes. */
async function check(bytes: Uint8Array): Promise<{ code: number; said: string }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/one.db`, bytes);
    const script = newestSnapshotHours.replaceAll(snapshotFolder, folder);
    const { code, stdout } = await new Deno.Command("sh", { args: ["-c", script], stderr: "null" }).output();
    return { code, said: new TextDecoder().decode(stdout).trim() };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const content = new TextEncoder().encode("what etcd knows".repeat(100));
const sum = createHash("sha256").update(content).digest();

Deno.test("a snapshot with etcd's own checksum at its end is intact", async () => {
  assert.deepEqual(await check(Uint8Array.from([...content, ...sum])), { code: 0, said: "0" });
});

Deno.test("one that was cut short or changed is damaged", async () => {
  const whole = Uint8Array.from([...content, ...sum]);
  for (const bytes of [whole.slice(0, -10), Uint8Array.from([1, ...whole.slice(1)]), content]) {
    const { code, said } = await check(bytes);
    assert.equal(code, 1);
    assert.match(said, /one\.db is damaged$/);
  }
});

Deno.test("what is kept of a sick etcd is the log that its provisioner writes", () => {
  const logs = (provisioner: string) => {
    const { onFail } = etcdHealthy;
    assert.ok(typeof onFail === "function");
    return onFail({ kubernetes: { provisioner } } as Site, {} as Host).map(String);
  };
  assert.ok(logs("kubespray").some((command) => /^journalctl .* -u etcd$/.test(command)));
  assert.ok(!logs("kubespray").some((command) => command.includes("/var/log/pods")));
  assert.ok(logs("kubeadm").some((command) => command.includes("/var/log/pods/kube-system_etcd-")));
});
