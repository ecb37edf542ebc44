import assert from "node:assert/strict";
import type { Platform } from "../../harness/model/chart.ts";
import { flowsAgree, peersExist, policyPorts } from "./flows.ts";
import { graphOf, lets } from "./graph.ts";
import { callsAllowed, namesResolve, needsCover, portsResolve } from "./names.ts";
import { referencesOf } from "./references.ts";
import { chart, deployment, entry, platform, policy, service } from "./testing.ts";

/** A blog that calls mail; what each end's policy says, and where the blog says mail is. */
function pair(
  { out = true, into = true, port = undefined as number | undefined, host = "mail.social.svc" } = {},
): Platform {
  const env = [{ name: "MAIL_HOST", value: port === undefined ? host : `${host}:${port}` }];
  return platform([entry("blog", "content", { needs: ["mail"] }), entry("mail", "social")], [
    chart(
      "blog",
      deployment("blog", "content", { env }),
      policy("blog", "content", { egress: out ? [["mail", "social"]] : [] }),
    ),
    chart(
      "mail",
      deployment("mail", "social"),
      service("mail", "social"),
      policy("mail", "social", { ingress: into ? [["blog", "content"]] : [] }),
    ),
  ]);
}
const found = (rule: typeof flowsAgree, at: Platform) =>
  at.charts.flatMap((one) => rule.check(one, at)).map((v) => v.found);

Deno.test("a flow that both ends allow is in order, by policy and by name", () => {
  const both = pair();
  for (const rule of [flowsAgree, peersExist, policyPorts, callsAllowed, namesResolve, needsCover]) {
    assert.deepEqual(found(rule, both), []);
  }
});

Deno.test("one end that does not allow it is named, from whichever side", () => {
  assert.deepEqual(found(flowsAgree, pair({ into: false })), ["mail does not let it in (TCP 8080)"]);
  assert.deepEqual(found(flowsAgree, pair({ out: false })), ["blog does not let it out (TCP 8080)"]);
  const at = pair({ out: false, into: false });
  assert.deepEqual(callsAllowed.check(at.charts[0], at).map((v) => v.wanted), [
    "egress from Deployment content/blog to it",
    "ingress from Deployment content/blog on the other end",
  ]);
});

Deno.test("a name is held against Services and their ports", () => {
  assert.deepEqual(found(portsResolve, pair({ port: 80 })), []);
  assert.deepEqual(found(portsResolve, pair({ port: 8080 })), ["mail.social.svc:8080"]);
  assert.deepEqual(found(namesResolve, pair({ host: "mial.social.svc" })), ["mial.social.svc"]);
  assert.deepEqual(found(namesResolve, pair({ host: "mail" })), ["mail"]);
  assert.deepEqual(found(namesResolve, pair({ host: "mail.example.org" })), []);
});

Deno.test("names are found wherever they stand", () => {
  const texts = [
    ["smtp://user@mail.social.svc.cluster.local:25/x", "mail.social.svc.cluster.local:25", 25],
    ["mongodb://mail-0.mail-headless.social.svc:27017/?replicaSet=rs0", "mail-0.mail-headless.social.svc:27017", 27017],
    ["mail.social:80", "mail.social:80", 80],
    ["http://mail.social", "http://mail.social", null],
  ] as const;
  for (const [host, text, port] of texts) {
    const at = pair({ host });
    const [reference] = referencesOf(at.charts[0], at);
    assert.ok(text.startsWith(reference.text) || reference.text.includes(text), `${reference.text} in ${host}`);
    assert.equal(reference.port, port, host);
    assert.equal(reference.namespace, "social");
  }
  const none = pair({ host: "https://mail.social.example/" });
  assert.deepEqual(referencesOf(none.charts[0], none), []);
});

Deno.test("a pod that no policy governs is open; a default deny shuts it", () => {
  const open = platform([entry("a", "x"), entry("b", "x")], [
    chart("a", deployment("a", "x")),
    chart("b", deployment("b", "x")),
  ]);
  const [source, target] = graphOf(open).endpoints;
  assert.ok(lets(graphOf(open), "ingress", { source, target, port: 8080 }));
  const deny = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "deny", namespace: "x" },
  };
  const shut = platform(open.services, [
    ...open.charts,
    chart("ns", { ...deny, spec: { podSelector: {}, policyTypes: ["Ingress"] } }),
  ]);
  const [from, to] = graphOf(shut).endpoints;
  assert.ok(!lets(graphOf(shut), "ingress", { source: from, target: to, port: 8080 }));
  assert.ok(lets(graphOf(shut), "egress", { source: from, target: to, port: 8080 }));
});
