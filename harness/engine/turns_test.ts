import assert from "node:assert/strict";
import { Turns } from "./turns.ts";

/** Work that says when it begins and ends, and ends when it is told to. */
function work(name: string, log: string[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = async () => {
    log.push(`${name} begins`);
    await promise;
    log.push(`${name} ends`);
  };
  return { run, end: resolve };
}

/** Lets everything happen that waits for nothing. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("shared work runs side by side, and work alone waits for all of it", async () => {
  const [turns, log] = [new Turns(), [] as string[]];
  const [a, b, alone] = [work("a", log), work("b", log), work("alone", log)];
  const all = [turns.shared(a.run), turns.shared(b.run), turns.alone(alone.run)];
  await settle();
  assert.deepEqual(log, ["a begins", "b begins"]);
  a.end();
  await settle();
  assert.deepEqual(log.slice(2), ["a ends"]);
  b.end();
  await settle();
  assert.deepEqual(log.slice(3), ["b ends", "alone begins"]);
  alone.end();
  await Promise.all(all);
});

Deno.test("what comes after work alone waits for it, shared or not", async () => {
  const [turns, log] = [new Turns(), [] as string[]];
  const [a, alone, late, again] = ["a", "alone", "late", "again"].map((name) => work(name, log));
  const all = [turns.shared(a.run), turns.alone(alone.run), turns.shared(late.run), turns.alone(again.run)];
  for (const one of [a, alone, late, again]) {
    await settle();
    one.end();
  }
  await Promise.all(all);
  const order = ["a", "alone", "late", "again"].flatMap((name) => [`${name} begins`, `${name} ends`]);
  assert.deepEqual(log, order);
});

Deno.test("work that fails makes room for the next", async () => {
  const turns = new Turns();
  await assert.rejects(turns.alone(() => Promise.reject(new Error("broken"))), /broken/);
  assert.equal(await turns.shared(() => Promise.resolve("next")), "next");
});
