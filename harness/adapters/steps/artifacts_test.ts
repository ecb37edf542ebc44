import assert from "node:assert/strict";
import { buildArtifacts } from "./artifacts.ts";

const never = new AbortController().signal;
const lab = { name: "lab", lab: true };

Deno.test("the maker's lines are the step's, and its failure is told with the last of them", async () => {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  await buildArtifacts(lab, say, never, { program: ["sh", "-c", "echo kubelet: 40% >&2; echo done >&2"] });
  assert.deepEqual(lines, ["kubelet: 40%", "done"]);
  await assert.rejects(
    buildArtifacts(lab, say, never, { program: ["sh", "-c", "echo no compiler >&2; exit 3"] }),
    /Cannot make the artifacts: exit code 3: no compiler$/,
  );
});

Deno.test("only the lab's artifacts are made, and for every site what looks at charts", async () => {
  const home = { name: "home", lab: false };
  await assert.rejects(buildArtifacts(home, () => {}, never), /for site 'home': only the lab's/);
  const lines: string[] = [];
  const program = ["sh", "-c", 'echo "set $1"', "sh"];
  await buildArtifacts(home, (line) => void lines.push(line), never, { set: "charts", program });
  assert.deepEqual(lines, ["set charts"]);
});

Deno.test("an abort ends the maker", async () => {
  const controller = new AbortController();
  const started = performance.now();
  const building = buildArtifacts(lab, () => controller.abort(new Error("enough")), controller.signal, {
    program: ["sh", "-c", "echo started; sleep 30"],
  });
  await assert.rejects(building, /enough/);
  assert.ok(performance.now() - started < 10_000);
});
