import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { loadSite, SiteError } from "./load.ts";
import { validSite } from "./testdata.ts";

const project = new URL("../../../", import.meta.url).pathname;
const publicKey = "aW5qZWN0ZWQgYnkgdGhlIHRlc3QsIG5vIGtleSBhdCA=";

/** Writes files into a folder of their own and hands over the site file's path. */
async function withFiles(files: Record<string, string>, body: (path: string, folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text);
    await body(join(folder, "site.yaml"), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(path: string): Promise<SiteError> {
  const error = await loadSite(path).then(() => null, (error) => error);
  assert.ok(error instanceof SiteError, `not refused: ${error}`);
  return error;
}

Deno.test("a valid site loads with defaults, users and resolved paths", async () => {
  await withFiles(
    { "site.yaml": validSite.replace("address: 192.0.2.2", "$&\n    user: root") },
    async (path, folder) => {
      const site = await loadSite(path);
      assert.equal(site.path, path);
      assert.equal(site.ssh.key, join(folder, "keys/id_ed25519"));
      assert.equal(site.ssh.known_hosts, join(folder, "known_hosts"));
      assert.equal(site.secrets.file, join(folder, "absent.sops.yaml"));
      assert.equal(site.secrets.age_key, join(homedir(), "age.key"));
      assert.deepEqual([site.lab, site.ssh.port, site.vpn.port, site.vpn.mtu], [false, 22, 51820, 1420]);
      assert.deepEqual(site.hosts.map(({ name, user }) => `${user}@${name}`), [
        "root@pve",
        "ops@vps",
        "ops@master",
        "ops@worker",
      ]);
      assert.deepEqual(site.publicKeys, {});
      assert.equal(site.inventory.path, "ansible/inventory/home/hosts.yml");
      assert.match(site.inventory.sha256, /^[0-9a-f]{64}$/);
    },
  );
});

Deno.test("optional paths are resolved where they are given", async () => {
  const text = validSite.replace("domain:", "waivers: waivers.yaml\ndomain:").replace(
    "  node:",
    "  ca: ca.pem\n  node:",
  );
  await withFiles({ "site.yaml": text }, async (path, folder) => {
    const site = await loadSite(path);
    assert.equal(site.waivers, join(folder, "waivers.yaml"));
    assert.equal(site.proxmox?.ca, join(folder, "ca.pem"));
  });
});

Deno.test("the kubeconfig lies in the site's state folder, or where the site file says", async () => {
  await withFiles({ "site.yaml": validSite }, async (path) => {
    assert.equal((await loadSite(path)).kubernetes?.kubeconfig, join(project, ".state/home/kubeconfig"));
  });
  const text = validSite.replace("pod_cidr:", "kubeconfig: admin.conf\n  pod_cidr:");
  await withFiles({ "site.yaml": text }, async (path, folder) => {
    assert.equal((await loadSite(path)).kubernetes?.kubeconfig, join(folder, "admin.conf"));
  });
});

Deno.test("a kubespray source is a path of the site file, or a URL as it is", async () => {
  const sources = {
    "https://git.home.example/kubespray.git": "https://git.home.example/kubespray.git",
    "git@git.home.example:kubespray.git": "git@git.home.example:kubespray.git",
    "~/kubespray": join(homedir(), "kubespray"),
    "/opt/kubespray": "/opt/kubespray",
  };
  for (const [source, resolved] of Object.entries(sources)) {
    const text = validSite.replace("  kubespray:", `$&\n    source: ${source}`);
    await withFiles({ "site.yaml": text }, async (path) => {
      assert.equal((await loadSite(path)).kubernetes?.kubespray.source, resolved);
    });
  }
});

Deno.test("a site may have no cluster", async () => {
  const text = validSite.slice(0, validSite.indexOf("\nkubernetes:"));
  await withFiles({ "site.yaml": text }, async (path) => assert.ok(!("kubernetes" in await loadSite(path))));
});

Deno.test("the example loads, its path relative to the project", async () => {
  const site = await loadSite(join(project, "sites/example.yaml"));
  assert.equal(site.path, "sites/example.yaml");
  assert.deepEqual(site.hosts.map(({ name }) => name), ["home-server", "vps", "master", "worker-1", "worker-2"]);
  assert.deepEqual([site.kubernetes?.provisioner, site.kubernetes?.cni.plugin], ["kubespray", "calico"]);
});

Deno.test("a file that is not there is refused without a line", async () => {
  const error = await refusal("sites/nowhere.yaml");
  assert.match(error.message, /^Cannot read .*sites\/nowhere\.yaml: there is no such file; name a site file/);
  assert.equal(error.problems[0].line, null);
  assert.ok(error.cause instanceof Deno.errors.NotFound);
  assert.equal(error.ending, "usage");
});

Deno.test("a folder is refused", async () => {
  assert.match(
    (await refusal(join(project, "sites"))).message,
    /^Cannot read .*sites: it is a folder; name a site file/,
  );
});

Deno.test("all problems come at once, in the order of their lines, one line each", async () => {
  const text = validSite.replace("tunnel: 10.88.0.10", "tunnel: 10.88.0.1").replace("[kube_node]", "[kube_nod]")
    .replace("  user: ops", "  user: ops\n  user: ops");
  await withFiles({ "site.yaml": text }, async (path) => {
    const lines = (await refusal(path)).message.split("\n").map((line) => line.replace(`Cannot read ${path} `, ""));
    assert.deepEqual(lines, [
      "line 12: the key appears twice; keep one of the two",
      "line 50: hosts.master.tunnel 10.88.0.1 is already used by vps; give every host its own",
      "line 53: role 'kube_nod' is unknown; did you mean 'kube_node'? " +
      "(allowed: hypervisor, gateway, kube_control_plane, kube_node, etcd)",
    ]);
  });
});

Deno.test("public keys are read from the clear part of the secrets file", async () => {
  const secrets = `wireguard:
  plumb: { public_key: ${publicKey}, private_key: "ENC[AES256_GCM,data:x,type:str]" }
  hosts:
    vps: { public_key: ${publicKey} }
    master: { private_key: "ENC[AES256_GCM,data:x,type:str]" }
`;
  await withFiles({ "site.yaml": validSite, "absent.sops.yaml": secrets }, async (path) => {
    assert.deepEqual((await loadSite(path)).publicKeys, { vps: publicKey, plumb: publicKey });
  });
});

Deno.test("a secrets file without keys has none", async () => {
  await withFiles({ "site.yaml": validSite, "absent.sops.yaml": "proxmox: {}\n" }, async (path) => {
    assert.deepEqual((await loadSite(path)).publicKeys, {});
  });
});

Deno.test("an encrypted or malformed public key is refused with its line, without its value", async () => {
  const secrets = `wireguard:
  hosts:
    vps:
      public_key: ENC[AES256_GCM,data:x,type:str]
    master:
      public_key: hunter2
`;
  await withFiles({ "site.yaml": validSite, "absent.sops.yaml": secrets }, async (path) => {
    const error = await refusal(path);
    assert.deepEqual(error.problems.map(({ line }) => line), [4, 6]);
    assert.match(error.message, /line 4: the public_key of vps is encrypted; keep it clear/);
    assert.match(
      error.message,
      /line 6: the public_key of master is not a WireGuard public key; write what 'wg pubkey'/,
    );
    assert.doesNotMatch(error.message, /hunter2/);
  });
});

Deno.test("a secrets file that cannot be parsed is refused, and no part of it is repeated", async () => {
  await withFiles({ "site.yaml": validSite, "absent.sops.yaml": "proxmox:\n  token: [hunter2\n" }, async (path) => {
    const error = await refusal(path);
    assert.match(error.message, /absent\.sops\.yaml line \d+: .*; /);
    assert.doesNotMatch(Deno.inspect(error), /hunter2/);
  });
});
