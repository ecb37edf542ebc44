import assert from "node:assert/strict";
import { SiteError } from "../site/error.ts";
import { readSiteFile } from "../site/load.ts";
import { projectRoot } from "../project.ts";
import { enabledServices } from "./environment.ts";
import { loadRegistry } from "./load.ts";
import { loadedRegistry } from "./testdata.ts";

const registry = loadedRegistry();

/** Names of what a site with these wishes installs. */
function installed(services?: string[], lab = false, from = registry): string[] {
  const kubernetes = { services } as Parameters<typeof enabledServices>[1]["kubernetes"];
  return enabledServices(from, { lab, kubernetes, path: "sites/home.yaml" }).map(({ name }) => name);
}

Deno.test("a site without a list installs everything, the lab what is marked for it", () => {
  assert.deepEqual(installed(), registry.services.map(({ name }) => name));
  assert.deepEqual(installed(undefined, true), ["crds", "namespaces", "vault", "postgres", "valkey", "wiki"]);
});

Deno.test("a list brings in what its services need, and what everything needs", () => {
  assert.deepEqual(installed(["valkey"]), ["crds", "namespaces", "vault", "valkey"]);
  assert.deepEqual(installed(["gate"], true), ["crds", "namespaces", "gate"]);
  assert.deepEqual(installed(["blog"]), registry.services.map(({ name }) => name));
});

Deno.test("whatever has a host name brings the gateway and its certificates, except in the lab", async () => {
  const from = await loadRegistry();
  const behind = ["cert-manager", "certificates", "traefik"];
  for (const { name } of from.services.filter(({ hosts, upstream }) => hosts.length && !upstream?.by_hand)) {
    const names = installed([name], false, from);
    assert.deepEqual(behind.filter((one) => !names.includes(one)), [], `${name} has a host name and no gateway`);
  }
  assert.deepEqual(installed(["vault"], true, from), ["crds", "namespaces", "vault"]);
  // Nothing that cert-manager needs has a host name.
  assert.deepEqual(installed(["cert-manager"], false, from), ["crds", "namespaces", "cert-manager"]);
});

Deno.test("the site that people copy installs the gateway that its routes hang on", async () => {
  const { file } = await readSiteFile(`${projectRoot}/sites/example.yaml`);
  const names = installed(file.kubernetes!.services, file.lab, await loadRegistry());
  assert.ok(names.includes("vaultwarden"), "the test is about services with host names");
  assert.ok(names.includes("traefik") && names.includes("certificates"), names.join(", "));
});

Deno.test("names that the registry has not are all refused, with the nearest that it has", () => {
  assert.throws(() => installed(["wikki", "vault", "bolg"]), (error: unknown) => {
    assert.ok(error instanceof SiteError);
    assert.deepEqual(error.problems.map(({ path }) => path), ["kubernetes.services", "kubernetes.services"]);
    assert.match(error.problems[0].message, /service 'wikki' in kubernetes.services is unknown; did you mean 'wiki'\?/);
    assert.match(error.problems[1].message, /did you mean 'blog'\?/);
    return true;
  });
});

Deno.test("what needs something that nobody makes is left out, and refused where a site lists it", () => {
  const byHand = "by_hand: { why: its chart reads a Secret, secrets: { gate-app: [token, salt] } } }";
  const from = loadedRegistry((text) =>
    text.replace("entrance: [8000] }", `entrance: [8000], ${byHand}`).replace("    needs: [gate]\n", "")
  );
  assert.ok(!installed(undefined, false, from).includes("gate"));
  assert.throws(() => installed(["wiki", "gate"], false, from), (error: unknown) => {
    assert.ok(error instanceof SiteError);
    assert.deepEqual(error.problems.map(({ message }) => message), [
      "service 'gate' in kubernetes.services cannot be installed: its chart reads a Secret; " +
      "take it out of the list, for nobody makes gate-app (token, salt)",
    ]);
    return true;
  });
});
