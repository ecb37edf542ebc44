import assert from "node:assert/strict";
import { z } from "zod";
import { chartDirs, outdated } from "./readme.ts";
import { readmeOf } from "./readme/page.ts";
import { reference } from "./readme/reference.ts";
import { toJsonSchema } from "./schema/json_schema.ts";

const chart = `
name: sample
description: A service
version: 0.1.0
appVersion: 1.2.3
home: https://sample.example
sources: [https://sample.example, https://code.sample.example]
`;

const values = `# What it is for.
plumb-common:
  primary: web
  components:
    web:
      # Pinned.
      image: { repository: registry.example/web, tag: 1.2.3 }
      ports: { http: { port: 8080 }, stats: { port: 9000, metrics: {} } }
      env:
        # A | B.
        MODE: a
      resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 128Mi } }
      rbac: [{ why: It elects a leader, apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, update] }]
    job:
      kind: CronJob
      schedule: "0 2 * * *"
      image: { repository: registry.example/job, tag: 1.0.0 }
      resources: { requests: { cpu: 5m, memory: 8Mi }, limits: { memory: 16Mi } }
      exceptions: { root: { reason: It reads what only root can, until: "2027-06-30" } }
  routes: { main: { host: web, port: http } }
  databases: [{ engine: postgres, name: web, from: [web] }]
  secrets: { mail: { path: secret/data/web/mail, keys: [password] } }
  network:
    flows: [{ from: [job], to: [web], ports: [http] }]
    egress: [{ to: { internet: true }, ports: [443], udpPorts: [443] }]
`;

Deno.test("a README says what the service is made of, and what each value is", () => {
  const readme = readmeOf(chart, values);
  const wanted = [
    "# sample\n\nA service. What it is for.\n",
    "Chart 0.1.0, application 1.2.3. <https://sample.example>, <https://code.sample.example>\n",
    "| **web** | Deployment | `registry.example/web:1.2.3` | http 8080, stats 9000 (metrics) | 50m, 64Mi | 128Mi |",
    "| job | CronJob, `0 2 * * *` | `registry.example/job:1.0.0` |  | 5m, 8Mi | 16Mi |",
    "| `https://web.<domain>` | web http |",
    "| postgres | web | web |",
    "| mail | `secret/data/web/mail` | password | Vault Agent |",
    "| job | web | http |",
    "| web | the internet | 443, 443/UDP |",
    "| web | its namespace | get, update leases | It elects a leader |",
    "| job | root | It reads what only root can | 2027-06-30 |",
    "| `components.web.image` |  | Pinned. |",
    "| `components.web.image.repository` | `registry.example/web` | With the registry, without tag. |",
    "| `components.web.env.MODE` | `a` | A \\| B. |",
  ];
  for (const line of wanted) assert.ok(readme.includes(line), `${line}\nis not in\n${readme}`);
});

Deno.test("a chart without the library gets a README of its values alone", () => {
  const readme = readmeOf(
    "name: crds\ndescription: Kinds\nversion: 0.1.0",
    "# Which.\nkinds: [a]\ntext: |\n  a\n  b\n",
  );
  assert.ok(readme.includes("# crds\n\nKinds.\n\nChart 0.1.0.\n\n## Values\n\n| Key | Value | What it is |\n"), readme);
  assert.ok(readme.includes('| `kinds` | `["a"]` | Which. |\n| `text` | (2 lines) |  |'), readme);
});

Deno.test("the reference names each key with what it takes", () => {
  const kinds = z.record(
    z.string(),
    z.strictObject({ ports: z.array(z.int().min(1).max(9)), kind: z.enum(["A", "B"]).optional() }),
  );
  const lines = reference(toJsonSchema(z.strictObject({ parts: kinds.describe("Parts.") }), "x")).split("\n").slice(2);
  assert.deepEqual(lines, [
    "| `parts` | map | Parts. **Required.** |",
    "| `parts.*.ports` | list of 1 to 9 | **Required.** |",
    "| `parts.*.kind` | `A`, `B` |  |",
  ]);
});

Deno.test("every chart's README is current, and the library's", async () => {
  assert.ok((await chartDirs()).length > 0);
  assert.deepEqual((await outdated()).map(({ file }) => file), [], "run 'deno run -A kubernetes/readme.ts'");
});
