import { type FramedCommand, type FramedOutput, FrameReader, frameScript, lanes } from "./frame.ts";

/** A place where a script can be run: a host over SSH, or the runner itself. */
export interface Shell {
  /** The folder that commands run in. */
  readonly folder: string;
  /**
   * Runs `sh` with `script` on its standard input in a process group of its own and passes on what it prints.
   * Resolves to the exit code, null if the connection was lost. Rejects with {@linkcode ShellError} if it cannot start.
   */
  run(script: string, onData: (chunk: Uint8Array) => void, signal: AbortSignal): Promise<number | null>;
}

/** A shell could not be had at all: no connection, a refused key. */
export class ShellError extends Error {
  override readonly name = "ShellError";
  constructor(message: string, readonly fatal: boolean, options?: ErrorOptions) {
    super(message, options);
  }
}

/** A command's output, or why there is none. */
export type BatchAnswer = FramedOutput | { readonly failed: string };

/**
 * Runs commands in one script and resolves to their outputs in order. A command that overruns its time is ended and
 * gets a `failed`; as the script ends with it, the others are asked again in a new one. Those whose output was lost
 * because of another command are asked again one by one.
 */
export async function runBatch(
  shell: Shell,
  commands: readonly FramedCommand[],
  signal: AbortSignal,
): Promise<BatchAnswer[]> {
  const answers: (BatchAnswer | undefined)[] = commands.map(() => undefined);
  while (answers.includes(undefined)) {
    const open = commands.flatMap((_, i) => answers[i] === undefined ? [i] : []);
    const round = await runRound(shell, open.map((i) => commands[i]), signal);
    if (round.outputs) {
      for (const [at, i] of open.entries()) {
        answers[i] = round.outputs[at] ?? (await runBatch(shell, [commands[i]], signal))[0];
      }
    } else if (round.overdue.length) {
      for (const at of round.overdue) {
        answers[open[at]] = { failed: `no answer within ${commands[open[at]].timeoutMs / 1_000} s` };
      }
    } else open.forEach((i) => answers[i] = { failed: round.lost });
  }
  return answers as BatchAnswer[];
}

interface Round {
  /** Undefined stands for an output that was lost. */
  outputs: (FramedOutput | undefined)[] | null;
  overdue: number[];
  lost: string;
}

async function runRound(shell: Shell, commands: readonly FramedCommand[], signal: AbortSignal): Promise<Round> {
  const nonce = `plumb-${crypto.randomUUID().slice(0, 13)}`;
  const reader = new FrameReader(nonce, commands.length);
  const width = Math.min(lanes, commands.length);
  const stop = new AbortController();
  // The command at the head of each lane, and since when it runs.
  const heads = Array.from({ length: width }, (_, lane) => ({ index: lane, since: performance.now() }));
  const overdueNow = () =>
    heads.filter(({ index, since }) => index < commands.length && performance.now() - since > commands[index].timeoutMs)
      .map(({ index }) => index);
  let overdue: number[] = [];
  const watch = setInterval(() => {
    overdue = overdueNow();
    if (overdue.length) stop.abort(new Error("a command overran its time"));
  }, 100);
  try {
    const code = await shell.run(frameScript(nonce, shell.folder, commands), (chunk) => {
      for (const index of reader.push(chunk)) heads[index % width] = { index: index + width, since: performance.now() };
    }, AbortSignal.any([signal, stop.signal]));
    const outputs = reader.outputs();
    const lost = code === null ? "the connection was lost" : `the shell ended early with exit code ${code}`;
    return { outputs, overdue: outputs ? [] : overdue, lost };
  } catch (error) {
    if (signal.aborted || !stop.signal.aborted) throw error;
    return { outputs: null, overdue, lost: "" };
  } finally {
    clearInterval(watch);
    if (stop.signal.aborted && reader.started) await endScript(shell, reader.started, signal);
  }
}

/** Ends a script's process group and removes its scratch folder. */
async function endScript(shell: Shell, script: { pid: number; folder: string }, signal: AbortSignal): Promise<void> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(5_000)]);
  await shell.run(`kill -9 -- -${script.pid}\nrm -rf '${script.folder}'\n`, () => {}, limited);
}
