import assert from "node:assert/strict";
import type { ProbeOptions } from "../../../model/probe.ts";
import { kube, kubeGet, type KubeQuery, type Probe } from "../../../model/probe.ts";
import type { KubeObject } from "../../../model/kube.ts";
import type { Host, Site } from "../../../model/site.ts";
import { WorldObserver } from "../observer.ts";
import { FakeApi, makeCertificates } from "./testing.ts";

const folder = await makeCertificates();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const pod = (name: string, namespace: string, app: string, nodeName: string) => ({
  metadata: { name, namespace, labels: { app } },
  spec: { nodeName },
});
const pods = [
  pod("dns-1", "kube-system", "dns", "one"),
  pod("proxy-1", "kube-system", "proxy", "one"),
  pod("web-1", "shop", "web", "two"),
];

const podsOf = (options?: ProbeOptions & KubeQuery) => kube("v1/pods", options);

/** Asks all probes at once; resolves to the names that each saw, and to the requests that it took. */
async function look(...probes: Probe<KubeObject[]>[]): Promise<{ saw: string[]; asked: string[] }> {
  await using api = await FakeApi.start(folder, (url) => {
    const namespace = /namespaces\/([^/]+)/.exec(url.pathname)?.[1];
    return { body: { items: pods.filter((p) => namespace === undefined || p.metadata.namespace === namespace) } };
  });
  const observer = observerOf(await api.kubeconfig());
  const questions = probes.map(({ spec }) => ({ host: null, probe: spec }));
  const answers = await observer.ask(questions, new AbortController().signal);
  const saw = answers.map((answer) =>
    answer.ok ? (answer.raw as KubeObject[]).map((o) => o.metadata.name).join(" ") : answer.reason
  );
  return { saw, asked: api.asked.map((url) => decodeURIComponent(`${url.pathname}${url.search}`)) };
}

function observerOf(kubeconfig: string | null): WorldObserver {
  const site = { hosts: [], ...(kubeconfig && { kubernetes: { kubeconfig } }) } as unknown as Site;
  return new WorldObserver(site, () => Promise.reject(new Error("no secrets")));
}

Deno.test("all questions about a kind are one list, however they narrow it down", async () => {
  const { saw, asked } = await look(
    podsOf({ namespace: "kube-system" }),
    podsOf({ namespace: "kube-system", selector: "app=dns" }),
    podsOf({ fields: "spec.nodeName=two" }),
    podsOf(),
    podsOf({ selector: "app=dns" }),
    podsOf({ selector: "app in dns" }),
  );
  assert.deepEqual(asked, ["/api/v1/pods?limit=500"]);
  assert.deepEqual(saw.slice(0, 5), ["dns-1 proxy-1", "dns-1", "web-1", "dns-1 proxy-1 web-1", "dns-1"]);
  assert.match(saw[5], /Cannot select by 'app in dns'/);
});

Deno.test("what all of them want narrowed down, the server narrows down", async () => {
  const { saw, asked } = await look(
    podsOf({ namespace: "kube-system", selector: "app=dns" }),
    podsOf({ namespace: "kube-system", selector: "app=proxy" }),
    kube("v1/nodes"),
  );
  assert.deepEqual(asked.sort(), ["/api/v1/namespaces/kube-system/pods?limit=500", "/api/v1/nodes?limit=500"]);
  assert.deepEqual(saw.slice(0, 2), ["dns-1", "proxy-1"]);
});

Deno.test("a question on many hosts is still one list", async () => {
  await using api = await FakeApi.start(folder, () => ({ body: { items: pods } }));
  const hosts = ["one", "two"].map((name) => ({ name } as Host));
  const questions = hosts.map((host) => ({
    host,
    probe: podsOf({ fields: `spec.nodeName=${host.name}` }).spec,
  }));
  const observer = observerOf(await api.kubeconfig());
  const answers = await observer.ask(questions, new AbortController().signal);
  assert.deepEqual(answers.map((answer) => answer.ok && (answer.raw as unknown[]).length), [2, 1]);
  assert.equal(api.asked.length, 1);
});

Deno.test("what nobody could look at is said, and is never false", async () => {
  const signal = new AbortController().signal;
  const questions = [podsOf().spec, kubeGet("/readyz").spec].map((probe) => ({ host: null, probe }));
  for (
    const [kubeconfig, reason, fatal] of [
      [null, /the site has no 'kubernetes' section/, true],
      ["/nowhere/kubeconfig", /there is no kubeconfig at \/nowhere\/kubeconfig yet/, false],
    ] as const
  ) {
    for (const answer of await observerOf(kubeconfig).ask(questions, signal)) {
      assert.ok(!answer.ok && answer.fatal === fatal);
      assert.match(answer.reason, reason);
    }
  }
});
