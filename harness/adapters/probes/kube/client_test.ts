import assert from "node:assert/strict";
import type { KubeClient } from "./client.ts";
import { FakeApi, makeCertificates, page, type Script, status } from "./testing.ts";

const certificates = makeCertificates();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const folder = await certificates;

const never = new AbortController().signal;
const pods = (client: KubeClient, timeoutMs = 2_000) => client.list("v1/pods", {}, timeoutMs, never);
const names = async (client: KubeClient, timeoutMs?: number) =>
  (await pods(client, timeoutMs)).map(({ metadata }) => metadata.name);

/** Asserts how a list fails, and how often the API was asked. */
async function fails(
  script: Script,
  { message, fatal, asked }: { message: RegExp; fatal: boolean; asked: number },
  ask: (client: KubeClient) => Promise<unknown> = (client) => pods(client),
): Promise<void> {
  await using api = await FakeApi.start(folder, script);
  await assert.rejects(ask(await api.client()), (error: Error & { fatal: boolean }) => {
    assert.match(error.message, message);
    assert.equal(error.fatal, fatal);
    return true;
  });
  assert.equal(api.asked.length, asked);
}

Deno.test("a list is asked with a client certificate, narrowed down by the server", async () => {
  await using api = await FakeApi.start(folder, (_, _n, user) => page([user]));
  const client = await api.client();
  const query = { namespace: "kube-system", selector: "k8s-app in (a,b)", fields: "status.phase=Running" };
  const [{ metadata }] = await client.list("v1/pods", query, 2_000, never);
  assert.equal(metadata.name, "ops");
  await client.list("apps/v1/daemonsets", {}, 2_000, never);
  assert.deepEqual(api.asked.map((url) => `${url.pathname} ${decodeURIComponent(url.search).replaceAll("+", " ")}`), [
    "/api/v1/namespaces/kube-system/pods ?labelSelector=k8s-app in (a,b)&fieldSelector=status.phase=Running&limit=500",
    "/apis/apps/v1/daemonsets ?limit=500",
  ]);
});

Deno.test("a long list is read page by page, and started over when its continuation expired", async () => {
  await using api = await FakeApi.start(folder, (url, n) => {
    const at = url.searchParams.get("continue");
    if (n === 2) return status(410, "The provided continue parameter is too old");
    return at === null ? page(["a", "b"], "2") : at === "2" ? page(["c"], "3") : page(["d"]);
  });
  assert.deepEqual(await names(await api.client()), ["a", "b", "c", "d"]);
  assert.equal(api.asked.length, 5);
});

Deno.test("a list whose continuation always expires is given up", async () => {
  await fails(
    (url) => url.searchParams.has("continue") ? status(410, "too old") : page(["a"], "2"),
    { message: /forgot the beginning of the list of v1\/pods 4 times/, fatal: false, asked: 8 },
  );
});

Deno.test("a busy server is asked again when it says; no sooner", async () => {
  await using api = await FakeApi.start(
    folder,
    (_, n) => n === 1 ? status(429, "too many requests", { "retry-after": "1" }) : page(["a"]),
  );
  const started = performance.now();
  assert.deepEqual(await names(await api.client()), ["a"]);
  assert.ok(performance.now() - started >= 1_000);
});

Deno.test("a server that asks for more time than there is is not waited for", async () => {
  const started = performance.now();
  await fails(
    () => status(503, "starting", { "retry-after": "60" }),
    { message: /answered 503 starting/, fatal: false, asked: 1 },
  );
  assert.ok(performance.now() - started < 1_500);
});

Deno.test("failures of the server, cut and hanging connections are asked again", async () => {
  await using api = await FakeApi.start(folder, (_, n) => {
    if (n === 1) return status(500, "etcdserver: request timed out");
    return n === 2 ? "cut" : n === 3 ? "hang" : page(["a"]);
  });
  assert.deepEqual(await names(await api.client(), 6_000), ["a"]);
  assert.equal(api.asked.length, 4);
});

Deno.test("a server that only hangs could not be looked at, within the probe's time", async () => {
  const started = performance.now();
  await fails(
    () => "hang",
    { message: /no answer from https:.*it took too long/, fatal: false, asked: 2 },
    (client) => pods(client, 2_000),
  );
  assert.ok(performance.now() - started < 3_500);
});

Deno.test("an unknown user, a forbidden list and an unknown kind are fatal, and named", async () => {
  await fails(() => status(401, "Unauthorized"), {
    message: /does not know the user 'ops' of .*kubeconfig: Unauthorized/,
    fatal: true,
    asked: 1,
  });
  const forbidden = `pods is forbidden: User "ops" cannot list resource "pods" in API group "" at the cluster scope`;
  await fails(() => status(403, forbidden), {
    message: /refuses: pods is forbidden: User "ops" cannot list/,
    fatal: true,
    asked: 2,
  });
  await fails(() => ({ status: 404, body: "404 page not found" }), {
    message: /knows no gateway\.networking\.k8s\.io\/v1\/httproutes: its CRD is not installed/,
    fatal: true,
    asked: 1,
  }, (client) => client.list("gateway.networking.k8s.io/v1/httproutes", {}, 2_000, never));
  await fails(() => status(404, "the server could not find the requested resource"), {
    message: /knows no apps\/v9\/daemonsets: the name is misspelt/,
    fatal: true,
    asked: 1,
  }, (client) => client.list("apps/v9/daemonsets", {}, 2_000, never));
});

Deno.test("a server that has just started may refuse once before it knows its roles", async () => {
  await using api = await FakeApi.start(folder, (_, n) => n === 1 ? status(403, "pods is forbidden") : page(["a"]));
  assert.deepEqual(await names(await api.client()), ["a"]);
});

Deno.test("a wrong selector is the spec's fault", async () => {
  await fails(() => status(400, "unable to parse requirement"), {
    message: /the list of v1\/pods answered 400 unable to parse requirement/,
    fatal: true,
    asked: 1,
  });
});

Deno.test("trouble with certificates is named", async () => {
  await using api = await FakeApi.start(folder, (_, _n, user) => user === "late" ? status(401, "") : page([]));
  await assert.rejects(
    pods(await api.client({ user: "late" })),
    /user 'late' of .*: its certificate expired on \d{4}-/,
  );
  await assert.rejects(pods(await api.client({ ca: "ops.pem" })), /certificate of https:.* is not one that .* trusts/);
  const elsewhere = api.url.replace("127.0.0.1", "localhost");
  await assert.rejects(pods(await api.client({ server: elsewhere })), /is not one that .* trusts: .*altnames/);
});

Deno.test("no kubeconfig yet, none worth the name, and nobody at home", async () => {
  await using api = await FakeApi.start(folder, () => page(["a"]));
  const client = await api.client({ server: "https://127.0.0.1:1" });
  await assert.rejects(
    pods(client),
    (error: Error & { fatal: boolean }) =>
      /no answer from https:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/.test(error.message) && !error.fatal,
  );
  const path = await api.kubeconfig();
  const { KubeConfigFile } = await import("./kubeconfig.ts");
  const file = new KubeConfigFile(path);
  await Deno.remove(path);
  await assert.rejects(
    file.access(),
    (error: Error & { fatal: boolean }) => /there is no kubeconfig at .* yet/.test(error.message) && !error.fatal,
  );
  await Deno.writeTextFile(path, "kind: [");
  await assert.rejects(file.access(), /is no kubeconfig/);
  await Deno.writeTextFile(path, "kind: Config\nclusters: []\n");
  await assert.rejects(file.access(), /has no current context/);
  await Deno.copyFile(await api.kubeconfig(), path);
  assert.equal((await file.access()).server, api.url);
});

Deno.test("a path's answer is its body; a failed health check is an answer too", async () => {
  await using api = await FakeApi.start(folder, (url) => {
    if (url.pathname === "/readyz") return { status: 500, body: "[-]etcd failed: reason withheld" };
    return url.pathname === "/version" ? { body: { gitVersion: "v1.35.4" } } : status(404, "not found");
  });
  const client = await api.client();
  assert.deepEqual(await client.get("/readyz?verbose", 2_000, never), {
    status: 500,
    body: "[-]etcd failed: reason withheld",
  });
  assert.deepEqual(await client.get("/version", 2_000, never), { status: 200, body: '{"gitVersion":"v1.35.4"}' });
  await assert.rejects(client.get("/nowhere", 2_000, never), /has no \/nowhere/);
});

Deno.test("an abort ends the asking at once", async () => {
  await using api = await FakeApi.start(folder, () => "hang");
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 100);
  const client = await api.client();
  await assert.rejects(client.list("v1/pods", {}, 60_000, controller.signal), /enough/);
});
