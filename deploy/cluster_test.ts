import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import type { Expectation } from "../harness/model/probe.ts";
import { reset } from "./cluster.ts";

const { probe } = reset.proves["network-gone"].verify as Expectation;
assert.ok(probe.kind === "lines");
const { command } = probe;

/** What a program of the host prints; `null` if it is not installed. */
interface Host {
  readonly "nft"?: string | null;
  readonly "iptables-save"?: string | null;
  readonly "routes"?: string;
  readonly "interfaces"?: readonly string[];
}

/** Looks at a host with none but these programs; resolves to the lines found, or to what was said of a look that failed. */
async function look(host: Host): Promise<string[] | string> {
  const root = await Deno.makeTempDir();
  const write = async (path: string, text: string) => {
    await Deno.mkdir(dirname(join(root, path)), { recursive: true });
    await Deno.writeTextFile(join(root, path), text, { mode: 0o755 });
  };
  const program = (name: string, prints: string | null | undefined) =>
    prints === null ? undefined : write(`bin/${name}`, `#!/bin/sh\ncat <<'EOF'\n${prints ?? ""}\nEOF\n`);
  try {
    for (const name of ["sort", "sed", "find", "cat", "sh"]) {
      await Deno.mkdir(join(root, "bin"), { recursive: true });
      await Deno.symlink(`/usr/bin/${name}`, join(root, "bin", name));
    }
    await program("nft", host.nft);
    await program("iptables-save", host["iptables-save"]);
    await program("ip6tables-save", host["iptables-save"]);
    await program("ip", host.routes);
    await write("net/lo", "");
    for (const name of host.interfaces ?? []) await write(`net/${name}`, "");
    const script = command.replaceAll("/sys/class/net", join(root, "net"));
    const run = new Deno.Command("/bin/sh", { args: ["-c", script], clearEnv: true, env: { PATH: join(root, "bin") } });
    const { code, stdout, stderr } = await run.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().replaceAll(`${root}/net/`, "");
    return code === 0 ? [...new Set(text(stdout).split("\n").filter(Boolean))] : text(stderr);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a host without Kubernetes has nothing left of its network", async () => {
  assert.deepEqual(await look({ nft: "table inet plumb {\n}", interfaces: ["wg0", "tunl0"] }), []);
});

Deno.test("without nft the look is at iptables-save, and chains that were only emptied are found", async () => {
  const saved = "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:cali-nat-outgoing - [0:0]\nCOMMIT";
  assert.deepEqual(await look({ nft: null, "iptables-save": saved }), ["KUBE-SERVICES", "cali-nat-outgoing"]);
  assert.deepEqual(await look({ nft: null, "iptables-save": "*nat\nCOMMIT" }), []);
});

Deno.test("with both programs, what either of them knows is found", async () => {
  const legacy = "*filter\n:KUBE-FORWARD - [0:0]\nCOMMIT";
  assert.deepEqual(await look({ nft: "table ip kube-proxy {\n}", "iptables-save": legacy }), [
    "KUBE-FORWARD",
    "kube-proxy",
  ]);
});

Deno.test("without either program nothing is proven", async () => {
  assert.equal(
    await look({ nft: null, "iptables-save": null }),
    "Cannot look: neither nft nor iptables-save is installed",
  );
});

Deno.test("routes and interfaces of the plugins are found", async () => {
  const left = await look({ interfaces: ["vxlan.calico", "cali0123456789a", "nodelocaldns", "kube-ipvs0", "eth0"] });
  assert.deepEqual([...left].sort(), ["cali0123456789a", "kube-ipvs0", "nodelocaldns", "vxlan.calico"]);
  assert.deepEqual(await look({ routes: "blackhole 10.233.70.0/26" }), ["blackhole 10.233.70.0/26"]);
});

Deno.test("what kubespray leaves of etcd and of Calico counts as files of the cluster", () => {
  const files = (reset.proves["files-gone"].verify as Expectation).probe;
  assert.ok(files.kind === "lines");
  for (const path of ["/etc/ssl/etcd", "/etc/etcd.env", "/etc/cni/net.d/10-calico.conflist"]) {
    assert.ok(files.command.includes(` ${path}`), path);
  }
});
