/// <reference lib="deno.unstable" />
// deno-lint-ignore-file plumb/no-swallow
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import plugin from "./plumb.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The messages of a rule about a file with this source. */
function messages(rule: string, path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, root + path, source).filter(({ id }) => id === `plumb/${rule}`)
    .map(({ message }) => message);
}

function imports(path: string, source: string): string[] {
  return messages("import-direction", path, source);
}

const everyForm = (specifier: string) => [
  `import { x } from "${specifier}";`,
  `import type { X } from "${specifier}";`,
  `import "${specifier}";`,
  `import * as x from "${specifier}";`,
  `export { x } from "${specifier}";`,
  `export type { X } from "${specifier}";`,
  `export * from "${specifier}";`,
  `export * as x from "${specifier}";`,
  `const x = await import("${specifier}");`,
  `const x = await import(\`${specifier}\`);`,
  `type X = import("${specifier}").X;`,
];

Deno.test("imports that go down are in order, in every form", () => {
  const inOrder: [string, string][] = [
    ["main.ts", "./harness/cli/up.ts"],
    ["main.ts", "./harness/adapters/ssh.ts"],
    ["main.ts", "./fixtures/lab/machine.ts"],
    ["main.ts", "./harness/model/event.ts"],
    ["harness/cli/up.ts", "../engine/run.ts"],
    ["harness/cli/up.ts", "../state/lock.ts"],
    ["harness/cli/up.ts", "@stricli/core"],
    ["harness/engine/run.ts", "./order.ts"],
    ["harness/engine/run.ts", "../model/event.ts"],
    ["harness/engine/run.ts", "node:path"],
    ["harness/report/junit.ts", "../model/event.ts"],
    ["harness/adapters/site/load.ts", "../../../sites/schema.ts"],
    ["harness/adapters/ssh/open.ts", "node-ssh"],
    ["harness/adapters/ssh/open.ts", "../shell.ts"],
    ["harness/state/waivers.ts", "yaml"],
    ["harness/model/event.ts", "./outcome.ts"],
    ["specs/vpn.ts", "./machines.ts"],
    ["specs/vpn.ts", "../harness/model/phase.ts"],
    ["deploy/vpn.ts", "../specs/vpn.ts"],
    ["deploy/vpn.ts", "../harness/model/step.ts"],
    ["fixtures/lab/machine.ts", "./network.ts"],
    ["fixtures/lab/machine.ts", "../../harness/model/site.ts"],
    ["fixtures/lab/machine.ts", "dax"],
    ["sites/schema.ts", "zod"],
    ["harness/lint/plumb.ts", "../../specs/vpn.ts"],
    ["bench/run.ts", "../harness/engine/run.ts"],
  ];
  for (const [path, specifier] of inOrder) {
    for (const source of everyForm(specifier)) assert.deepEqual(imports(path, source), [], `${path}: ${source}`);
  }
});

Deno.test("imports that go up or across are refused, in every form, saying what is allowed", () => {
  const noPhase = "knows no phase by name; let main.ts discover phases in their folders and hand them over";
  const refused: [string, string, string][] = [
    ["main.ts", "./specs/vpn.ts", `main.ts ${noPhase}`],
    ["harness/cli/up.ts", "../../specs/vpn.ts", `harness/cli ${noPhase}`],
    ["harness/engine/run.ts", "../../deploy/vpn.ts", `harness/engine ${noPhase}`],
    ["harness/model/phase.ts", "../../specs/vpn.ts", `harness/model ${noPhase}`],
    [
      "harness/cli/up.ts",
      "../../main.ts",
      "imports go one way; harness/cli may import harness/cli, harness/engine, harness/report, harness/adapters, " +
      "harness/state, harness/model, fixtures/lab and sites",
    ],
    [
      "harness/cli/up.ts",
      "../lint/layers.ts",
      "imports go one way; harness/cli may import harness/cli, harness/engine, harness/report, harness/adapters, " +
      "harness/state, harness/model, fixtures/lab and sites",
    ],
    [
      "harness/engine/run.ts",
      "../adapters/ssh.ts",
      "imports go one way; harness/engine may import harness/engine and harness/model",
    ],
    [
      "harness/engine/run.ts",
      "../cli/up.ts",
      "imports go one way; harness/engine may import harness/engine and harness/model",
    ],
    [
      "harness/report/junit.ts",
      "../engine/run.ts",
      "imports go one way; harness/report may import harness/report and harness/model",
    ],
    [
      "harness/state/lock.ts",
      "../adapters/site/load.ts",
      "imports go one way; harness/state may import harness/state and harness/model",
    ],
    [
      "harness/adapters/ssh/open.ts",
      "../../state/lock.ts",
      "imports go one way; harness/adapters may import harness/adapters, harness/model, sites and kubernetes",
    ],
    [
      "harness/model/event.ts",
      "../engine/run.ts",
      "imports go one way; harness/model may import harness/model and types of sites/schema.ts",
    ],
    [
      "harness/model/event.ts",
      "zod",
      "harness/model needs no package; harness/model may import harness/model and types of sites/schema.ts",
    ],
    [
      "specs/vpn.ts",
      "../deploy/vpn.ts",
      "a spec must be able to condemn what a deploy file made; a spec may import specs and harness/model",
    ],
    [
      "specs/vpn.ts",
      "../harness/adapters/ssh.ts",
      "imports go one way; a spec may import specs and harness/model",
    ],
    ["specs/vpn.ts", "node:fs", "a spec needs no package; a spec may import specs and harness/model"],
    ["deploy/vpn.ts", "../specs/machines.ts", "a deploy file makes true only its own spec; import specs/vpn.ts"],
    [
      "deploy/vpn.ts",
      "./machines.ts",
      "imports go one way; a deploy file may import harness/model and specs/vpn.ts",
    ],
    [
      "deploy/vpn.ts",
      "../harness/adapters/ssh.ts",
      "imports go one way; a deploy file may import harness/model and specs/vpn.ts",
    ],
    [
      "deploy/vpn.ts",
      "npm:dax@0.49.0",
      "a deploy file needs no package; a deploy file may import harness/model and specs",
    ],
    [
      "fixtures/lab/machine.ts",
      "../../harness/adapters/ssh.ts",
      "imports go one way; fixtures/lab may import fixtures/lab, harness/model and sites",
    ],
    ["sites/schema.ts", "../harness/model/site.ts", "imports go one way; sites may import sites and zod"],
    ["sites/schema.ts", "yaml", "sites needs no package; sites may import sites and zod"],
    ["harness/engine/run.ts", "dax", "only harness/adapters uses dax; add what is missing to an adapter"],
    [
      "harness/cli/up.ts",
      "npm:@kubernetes/client-node@2.0.1/dist/x.js",
      "only harness/adapters uses @kubernetes/client-node; add what is missing to an adapter",
    ],
  ];
  for (const [path, specifier, why] of refused) {
    for (const source of everyForm(specifier)) {
      assert.deepEqual(imports(path, source), [`Cannot import ${specifier} from ${path}: ${why}`], source);
    }
  }
});

Deno.test("the model takes types of the site schema, and only types", () => {
  const schema = "../../sites/schema.ts";
  const path = "harness/model/site.ts";
  assert.deepEqual(
    imports(path, `import type { SiteFile } from "${schema}"; type R = import("${schema}").RoleName;`),
    [],
  );
  assert.deepEqual(imports(path, `export type { RoleName } from "${schema}";`), []);
  const refused = [
    `Cannot import ${schema} from ${path}: the model takes only types from the site schema; write 'import type'`,
  ];
  assert.deepEqual(imports(path, `import { roles } from "${schema}";`), refused);
  assert.deepEqual(imports(path, `import { type SiteFile } from "${schema}";`), refused);
  assert.deepEqual(imports(path, `export { roles } from "${schema}";`), refused);
});

Deno.test("an import that is put together at run time is judged by its constant beginning", () => {
  const template = "await import(`../../specs/${name}.ts`);";
  const sum = 'await import("../../specs/" + name + ".ts");';
  for (const source of [template, sum]) {
    assert.match(imports("harness/engine/run.ts", source)[0], /^Cannot import \.\.\/\.\.\/specs\/ from .* no phase/);
  }
  assert.deepEqual(imports("main.ts", "await import(`./specs/${name}.ts`); await import(url.href);"), []);
  assert.equal(imports("main.ts", "await import(`./specs/vpn.ts`);").length, 1);
  assert.deepEqual(imports("harness/engine/run.ts", "await import(`${base}/x.ts`); await import(url);"), []);
});

Deno.test("tests may import what they need", () => {
  const source = 'import { x } from "../../main.ts"; import vpn from "../../deploy/vpn.ts";';
  assert.deepEqual(imports("harness/engine/run_test.ts", source), []);
  assert.deepEqual(imports("harness/engine/run_lab.ts", source), []);
  assert.equal(imports("harness/engine/run_tests.ts", source).length, 2);
});

Deno.test("swallowed failures are refused", () => {
  const swallowed = [
    "try { work(); } catch { }",
    "try { work(); } catch (error) { /* never mind */ }",
    "work().catch(() => {});",
    "work().catch(() => undefined);",
    "work().catch(() => null);",
    "work().catch((_) => void 0);",
    "work().catch(async function () {});",
    "work().then(next, () => {});",
    'run("rm x || true");',
    "run(`systemctl stop ${unit} ||true; echo`);",
    "$`rm ${x} || :`;",
  ];
  for (const source of swallowed) {
    const found = messages("no-swallow", "harness/engine/run.ts", source);
    assert.equal(found.length, 1, source);
    assert.match(found[0], /^Cannot .*: it hides every failure; .+/);
  }
});

Deno.test("handled failures are in order", () => {
  const handled = [
    "try { work(); } catch (error) { if (!(error instanceof NotFound)) throw error; }",
    "try { work(); } finally { }",
    "work().catch((error) => report(error));",
    "work().catch(report);",
    "work().then(() => {});",
    "catch_(() => {});",
    "const on = a || true;",
    'run("test -e x || trueish");',
    'run("a || b");',
    "const text = `a ? b || c : d`;",
  ];
  for (const source of handled) assert.deepEqual(messages("no-swallow", "harness/engine/run.ts", source), [], source);
});
