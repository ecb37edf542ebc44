import assert from "node:assert/strict";
import { Backoff } from "../../model/wait.ts";
import { PveError } from "../probes/pve.ts";
import { readGuestFile } from "./guest_agent.ts";

const vm = { node: "pve", name: "worker-1", id: 111 };
const absent = new PveError("GET /file-read answered 500 QEMU guest agent is not running", 500);

/** Reads with an API that gives these answers in turn, and the last one for ever. */
function reading(
  answers: readonly (string | Error)[],
  { signal = AbortSignal.timeout(5_000), deadlineMs = 2_000 } = {},
) {
  const [asked, said]: [string[], string[]] = [[], []];
  const pve = (path: string) => {
    asked.push(path);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    return typeof answer === "string" ? Promise.resolve({ content: answer }) : Promise.reject(answer);
  };
  const backoff = new Backoff(1, 2);
  const content = readGuestFile(vm, "/etc/a b", { pve, log: (line) => said.push(line), signal, deadlineMs, backoff });
  return { asked, said, content };
}

Deno.test("a file of a guest whose agent is there is read at once", async () => {
  const { asked, said, content } = reading(["ssh-ed25519 AAAA\n"]);
  assert.equal(await content, "ssh-ed25519 AAAA\n");
  assert.deepEqual(asked, ["/nodes/pve/qemu/111/agent/file-read?file=%2Fetc%2Fa%20b"]);
  assert.deepEqual(said, []);
});

Deno.test("an agent that is not there yet is waited for, and that is said once", async () => {
  const notYet = [absent, new PveError("answered 596 timed out", 596), absent];
  const { asked, said, content } = reading([...notYet, "key"]);
  assert.equal(await content, "key");
  assert.equal(asked.length, 4);
  assert.equal(said.length, 1);
  assert.match(said[0], /^waiting for the guest agent of worker-1 \(VM 111\)/);
});

Deno.test("an agent that never comes is an error with the machine, the remedy and the last answer", async () => {
  const { asked, content } = reading([absent], { deadlineMs: 20 });
  await assert.rejects(content, (error: Error) => {
    assert.match(
      error.message,
      /^Cannot read \/etc\/a b of worker-1 \(VM 111\) through its guest agent: .*QEMU guest agent is not running.*; .+/,
    );
    for (const part of ["qemu-guest-agent", "agent: 1", "run `up` again"]) {
      assert.ok(error.message.includes(part), part);
    }
    assert.equal(error.cause, absent);
    return true;
  });
  assert.ok(asked.length > 1);
});

Deno.test("an agent that the VM's configuration does not enable is not waited for", async () => {
  const disabled = new PveError("answered 500 No QEMU guest agent configured", 500);
  const { asked, content } = reading([disabled]);
  await assert.rejects(content, (error: Error) => {
    assert.match(error.message, /^Cannot read .* \(VM 111\) .*: .*No QEMU guest agent configured.*; .*agent: 1/);
    assert.equal(error.cause, disabled);
    return true;
  });
  assert.equal(asked.length, 1);
});

for (const status of [400, 401, 403, 404]) {
  Deno.test(`an answer of ${status} is passed on at once`, async () => {
    const refusal = new PveError(`answered ${status}`, status);
    const { asked, content } = reading([refusal]);
    await assert.rejects(content, (error) => error === refusal);
    assert.equal(asked.length, 1);
  });
}

Deno.test("an API that cannot be reached is passed on at once", async () => {
  const refusal = new Error("connection refused");
  const { asked, content } = reading([refusal]);
  await assert.rejects(content, (error) => error === refusal);
  assert.equal(asked.length, 1);
});

Deno.test("an interrupt ends the wait", async () => {
  const controller = new AbortController();
  const { content } = reading([absent], { signal: controller.signal });
  const reason = new Error("interrupted");
  setTimeout(() => controller.abort(reason), 5);
  await assert.rejects(content, (error) => error === reason);
});
