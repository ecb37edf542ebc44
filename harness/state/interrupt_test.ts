import assert from "node:assert/strict";
import { type InterruptSignal, type SignalSource, watchInterrupts } from "./interrupt.ts";

function fakeSource() {
  const handlers = new Map<InterruptSignal, Set<() => void>>([["SIGINT", new Set()], ["SIGTERM", new Set()]]);
  const state = { now: 1_000, exits: [] as number[] };
  const source: SignalSource = {
    add: (signal, handler) => handlers.get(signal)!.add(handler),
    remove: (signal, handler) => handlers.get(signal)!.delete(handler),
    now: () => state.now,
    exit: (code) => state.exits.push(code),
  };
  const send = (signal: InterruptSignal) => handlers.get(signal)!.forEach((handler) => handler());
  const listening = () => [...handlers.values()].reduce((n, set) => n + set.size, 0);
  return { source, send, listening, state };
}

Deno.test("the first signal aborts with its name and does not exit", () => {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    const fake = fakeSource();
    let left = 0;
    using interrupts = watchInterrupts({ onSecond: () => left++, source: fake.source });
    assert.equal(interrupts.signal.aborted, false);
    assert.equal(interrupts.by, null);
    fake.send(name);
    assert.equal(interrupts.signal.aborted, true);
    assert.equal(interrupts.signal.reason.name, "AbortError");
    assert.equal(interrupts.signal.reason.message, `Interrupted by ${name}`);
    assert.equal(interrupts.by, name);
    assert.deepEqual([left, fake.state.exits], [0, []]);
  }
});

Deno.test("the second signal lists what is left behind, then exits with 130", () => {
  const fake = fakeSource();
  const order: string[] = [];
  const source = { ...fake.source, exit: (code: number) => order.push(`exit ${code}`) };
  using _interrupts = watchInterrupts({ onSecond: () => order.push("left behind"), source });
  fake.send("SIGINT");
  fake.state.now += 1_000;
  fake.send("SIGTERM");
  assert.deepEqual(order, ["left behind", "exit 130"]);
});

Deno.test("the echo of one Ctrl-C is not a second one", () => {
  const fake = fakeSource();
  using _interrupts = watchInterrupts({ onSecond: () => {}, source: fake.source });
  fake.send("SIGINT");
  fake.state.now += 1;
  fake.send("SIGINT");
  assert.deepEqual(fake.state.exits, []);
  fake.state.now += 500;
  fake.send("SIGINT");
  assert.deepEqual(fake.state.exits, [130]);
});

Deno.test("a failing list does not keep the process alive", () => {
  const fake = fakeSource();
  const error = console.error;
  const printed: unknown[] = [];
  console.error = (value) => printed.push(value);
  try {
    const boom = new Error("boom");
    using _interrupts = watchInterrupts({
      onSecond: () => {
        throw boom;
      },
      source: fake.source,
    });
    fake.send("SIGINT");
    fake.state.now += 1_000;
    fake.send("SIGINT");
    assert.deepEqual(printed, [boom]);
    assert.deepEqual(fake.state.exits, [130]);
  } finally {
    console.error = error;
  }
});

Deno.test("closing stops watching, twice too", () => {
  const fake = fakeSource();
  const interrupts = watchInterrupts({ onSecond: () => {}, source: fake.source });
  assert.equal(fake.listening(), 2);
  interrupts.close();
  interrupts.close();
  assert.equal(fake.listening(), 0);
  fake.send("SIGINT");
  assert.equal(interrupts.signal.aborted, false);
});

Deno.test("a real process stops gracefully on the first signal and exits 130 on the second", async () => {
  const script = `
    const { watchInterrupts } = await import(${JSON.stringify(new URL("./interrupt.ts", import.meta.url).href)});
    const { signal } = watchInterrupts({ onSecond: () => console.log("left behind") });
    signal.addEventListener("abort", () => console.log("stopping"));
    setTimeout(() => {}, 60_000);
    console.log("ready");
  `;
  const child = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", script], stdout: "piped" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, "ready\n");
  child.kill("SIGINT");
  assert.equal((await reader.read()).value, "stopping\n");
  await new Promise((later) => setTimeout(later, 400));
  child.kill("SIGTERM");
  assert.equal((await reader.read()).value, "left behind\n");
  assert.equal((await child.status).code, 130);
  await reader.cancel();
});
