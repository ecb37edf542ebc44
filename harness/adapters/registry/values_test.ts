import assert from "node:assert/strict";
import { loadedRegistry, place } from "./testdata.ts";
import { describeRelease, releaseValues } from "./values.ts";

const registry = loadedRegistry();

/** The part of a release's values that its chart hands to the library. */
function common(name: string, own: unknown = {}): Record<string, unknown> {
  return (releaseValues(registry, name, place, own) as { "plumb-common": Record<string, unknown> })["plumb-common"];
}

Deno.test("every chart learns the site's domain, storage class, home network and where the API server is", () => {
  const { domain, storageClass, peers } = common("wiki");
  assert.deepEqual([domain, storageClass, peers], [
    "lab.example",
    "local-path",
    { home: { cidr: "198.18.0.0/24" }, kubeApi: { cidr: "198.18.0.0/24", ports: [443, 7443] } },
  ]);
});

Deno.test("a data service is told what to make, where the passwords are, and who may come", () => {
  const own = {
    "plumb-common": {
      components: { databases: { secretFiles: ["root"] } },
      network: { ingress: [{ from: { cidr: "198.18.9.0/24" }, ports: ["postgres"] }] },
    },
  };
  const values = common("postgres", own);
  assert.deepEqual(values.secrets, {
    "for-blog": { path: "secret/data/blog/postgres", keys: ["password"] },
    "for-wiki": { path: "secret/data/wiki/postgres", keys: ["password"] },
  });
  assert.deepEqual(values.components, {
    databases: {
      secretFiles: ["root", "for-blog", "for-wiki"],
      configFiles: {
        "/etc/plumb/databases": "# service user database extensions\nblog blog blog vector\nwiki wiki wiki -\n",
      },
    },
  });
  assert.deepEqual(values.network, {
    ingress: [
      { from: { cidr: "198.18.9.0/24" }, ports: ["postgres"] },
      { from: { namespace: "apps", service: "blog" }, to: ["server"], ports: ["postgres"] },
      { from: { namespace: "apps", service: "wiki" }, to: ["server"], ports: ["postgres"] },
    ],
  });
});

Deno.test("Vault lets in the agents of all that read secrets, and the API server to the injector", () => {
  const { ingress } = common("vault").network as { ingress: { from: Record<string, string>; to: string[] }[] };
  assert.deepEqual(ingress.map(({ from, to }) => [from.service ?? from.cidr, to[0]]), [
    ["postgres", "server"],
    ["valkey", "server"],
    ["wiki", "server"],
    ["blog", "server"],
    ["198.18.0.0/24", "injector"],
    // Where packets between nodes are wrapped, the API server comes from here.
    ["198.19.0.0/17", "injector"],
  ]);
});

Deno.test("a service that is called lets its caller in at the port that is named", () => {
  assert.deepEqual(common("wiki").network, {
    ingress: [{ from: { namespace: "apps", service: "blog" }, to: ["server"], ports: ["http"] }],
  });
});

Deno.test("a release needs others by namespace and name, as Helmfile wants them", () => {
  const { needs, namespace } = describeRelease(registry, "wiki", place, {});
  assert.deepEqual(needs, ["kube-system/crds", "kube-system/namespaces", "db/postgres", "db/valkey", "apps/vault"]);
  assert.equal(namespace, "apps");
});
