import assert from "node:assert/strict";
import type { ProbeSpec } from "./probe.ts";
import { dns, file, http, kube, kubeGet, pve, sh, tcp } from "./probe.ts";
import { quote, renderProbe, sshCommand } from "./render.ts";
import type { Host, Site } from "./site.ts";

const site = {
  name: "home",
  path: "sites/home.yaml",
  ssh: { user: "ops", key: "/keys/id", known_hosts: "/keys/known", port: 22 },
  kubernetes: { kubeconfig: "/state/kube config" },
  proxmox: { url: "https://192.0.2.2:8006", token_id: "plumb@pve!x" },
} as unknown as Site;
const host = { name: "vps", address: "203.0.113.10", user: "ops" } as Host;

Deno.test("words are quoted only where they must be, for a shell to read back the same", async () => {
  for (const word of ["plain/path", "two words", "it's", `both ' and "`, "$HOME `id`", "a\\b", ""]) {
    const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf %s ${quote(word)}`] }).output();
    assert.equal(new TextDecoder().decode(stdout), word);
  }
  assert.equal(quote("plain/path"), "plain/path");
});

Deno.test("a probe on a host is an ssh command with the site's key and pins", () => {
  const ssh = "ssh -i /keys/id -o UserKnownHostsFile=/keys/known ops@203.0.113.10";
  assert.equal(sshCommand(site, host, "wg show wg0 peers"), `${ssh} 'sudo wg show wg0 peers'`);
  assert.equal(sshCommand(site, host, "a | b"), `${ssh} "sudo sh -c 'a | b'"`);
  assert.equal(
    sshCommand(site, { ...host, user: "root" }, "a | b"),
    "ssh -i /keys/id -o UserKnownHostsFile=/keys/known root@203.0.113.10 'a | b'",
  );
  assert.equal(renderProbe(site, file("/etc/x").spec, host), `${ssh} "sudo stat -c '%F|%U|%G|%a|%s' /etc/x"`);
});

Deno.test("other probes are what a person would type", () => {
  assert.equal(renderProbe(site, sh("true").spec, null), "true");
  assert.equal(renderProbe(site, tcp("192.0.2.1", 22).spec, null), "nc -z -v -w 5 192.0.2.1 22");
  assert.equal(
    renderProbe(site, dns("a.example", { server: "192.0.2.1" }).spec, null),
    "dig +short a.example A @192.0.2.1",
  );
  assert.equal(
    renderProbe(site, http("https://a.example/x", { ca: "/ca.pem" }).spec, null),
    "curl -sS -i --cacert /ca.pem https://a.example/x",
  );
  const api = renderProbe(site, pve("/version").spec, null);
  assert.match(
    api,
    /Authorization: PVEAPIToken=plumb@pve!x=\$PVE_TOKEN_SECRET.*https:\/\/192\.0\.2\.2:8006\/api2\/json\/version/,
  );
});

Deno.test("questions about a cluster are kubectl's", () => {
  const kubectl = "kubectl --kubeconfig '/state/kube config' get";
  const render = (probe: { spec: ProbeSpec }) => renderProbe(site, probe.spec, null);
  assert.equal(
    render(kube("v1/pods", { namespace: "kube-system", selector: "app in (a,b)" })),
    `${kubectl} pods -n kube-system -l 'app in (a,b)' -o wide`,
  );
  assert.equal(render(kube("v1/nodes", { show: "name" })), `${kubectl} nodes -o name`);
  assert.equal(
    render(kube("apps/v1/daemonsets", { fields: "metadata.name=x" })),
    `${kubectl} daemonsets.apps -A --field-selector metadata.name=x -o wide`,
  );
  assert.equal(render(kubeGet("/readyz?verbose")), `${kubectl} --raw '/readyz?verbose'`);
});
