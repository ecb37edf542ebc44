import assert from "node:assert/strict";
import { parse } from "yaml";
import { fromFileUrl, projectRoot } from "../adapters/project.ts";
import { runCli } from "./app.ts";

interface Expectation {
  readonly line: number;
  readonly says: readonly string[];
}

const folder = fromFileUrl(new URL("../../fixtures/invalid/sites/", import.meta.url));
const expected: Record<string, Expectation & { also?: Expectation[] }> = parse(
  await Deno.readTextFile(`${folder}expected.yaml`),
);
const files = Object.keys(expected);
/** These claim to be the lab, for which Plumb may start itself anew inside the lab's network. */
const labs = files.filter((name) => /^lab: true$/m.test(Deno.readTextFileSync(folder + name)));
/** Given to Plumb as a process of its own: one of each stage at which a file can be refused, and the labs. */
const asProcess = ["missing-colon.yaml", "unknown-role.yaml", "duplicate-address.yaml", "several-faults.yaml", ...labs];

/** What a command ended with and said on standard error. */
interface Said {
  readonly code: number;
  readonly stderr: string;
}

/** Runs the command line in this process. */
async function inProcess(...args: string[]): Promise<Said> {
  const said: string[] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => void said.push(words.join(" "));
  try {
    return { code: await runCli(args), stderr: said.join("\n") };
  } finally {
    console.error = error;
  }
}

/** Runs Plumb as people do. */
async function asOwnProcess(...args: string[]): Promise<Said> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${projectRoot}/main.ts`, ...args],
    cwd: projectRoot,
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  assert.equal(new TextDecoder().decode(stdout), "");
  return { code, stderr: new TextDecoder().decode(stderr).trimEnd() };
}

/** Names in the folders where a run leaves something of its site. */
function traces(): string[] {
  return [".state", "ansible/inventory"].flatMap((path) => {
    try {
      return [...Deno.readDirSync(`${projectRoot}/${path}`)].map(({ name }) => `${path}/${name}`).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  });
}

function assertRefused(name: string, { code, stderr }: Said): void {
  assert.equal(code, 2, stderr);
  const { also = [], ...first } = expected[name];
  const wanted = [first, ...also].sort((a, b) => a.line - b.line);
  const said = stderr.split("\n");
  assert.equal(said.length, wanted.length, stderr);
  for (const [at, { line, says }] of wanted.entries()) {
    assert.match(said[at], new RegExp(`^Cannot read \\S*${RegExp.escape(name)} line ${line}: .+; .+`));
    for (const part of says) assert.ok(said[at].includes(part), `"${said[at]}" does not say "${part}"`);
  }
}

Deno.test("the command line refuses every invalid site with exit code 2, line and remedy, and leaves nothing", async () => {
  assert.ok(files.length >= 30, `only ${files.length} invalid sites`);
  const before = traces();
  for (const name of files.filter((file) => !labs.includes(file))) {
    for (const verb of ["check", "up"]) assertRefused(name, await inProcess(verb, "--site", folder + name));
  }
  assert.deepEqual(traces(), before);
});

Deno.test("as a process of its own too, a file that claims to be the lab included, before a lab is started", async () => {
  assert.ok(labs.length > 0, "no invalid site claims to be the lab");
  const before = traces();
  for (const name of asProcess) assertRefused(name, await asOwnProcess("check", "--site", folder + name));
  for (const name of labs) assertRefused(name, await asOwnProcess("up", "--site", folder + name));
  assert.deepEqual(traces(), before);
});
