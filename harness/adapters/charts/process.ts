/** A program that could not be run at all: nothing was looked at. */
export class ToolMissing extends Error {
  override readonly name = "ToolMissing";
}

/** What to say of a program that the PATH has not. */
export function toolMissing(program: string, cause?: unknown): ToolMissing {
  const remedy = "run 'deno task up --phase charts', which gets it";
  return new ToolMissing(`Cannot look at the charts: there is no '${program}' on the PATH; ${remedy}`, { cause });
}

/** What a program ended with. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the PATH to its end.
 * @throws {ToolMissing} if there is none of that name.
 */
export async function runTool(program: string, args: readonly string[], signal: AbortSignal): Promise<Ended> {
  const command = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  });
  try {
    const { code, stdout, stderr } = await command.output();
    signal.throwIfAborted();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw toolMissing(program, cause);
  }
}

/** Most programs that run at the same time. */
export const mostAtOnce = Math.max(2, navigator.hardwareConcurrency);

/** Works on all of `items`, at most `limit` at a time; resolves to what came of them, in order. */
export async function pooled<T, U>(items: readonly T[], limit: number, work: (item: T) => Promise<U>): Promise<U[]> {
  const results = new Array<U>(items.length);
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}
