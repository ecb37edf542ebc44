/** How a program is to be run. */
export interface Launch {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Text for its standard input; nothing if absent. */
  readonly input?: string;
}

/** A program that ended with exit code 0. */
export interface Ended {
  /** Milliseconds from launch to exit. */
  readonly ms: number;
  readonly stdout: string;
}

/** Runs a program from launch to exit. Rejects with the end of what it said unless its exit code is 0. */
export async function launch({ command: [program, ...args], env, folder, input }: Launch): Promise<Ended> {
  const started = performance.now();
  const child = new Deno.Command(program, {
    args,
    env,
    cwd: folder,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), feed(child, input)]);
  const ms = performance.now() - started;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) {
    const said = `${text(stdout)}\n${text(stderr)}`.trim().split("\n").slice(-15).join("\n");
    throw new Error(
      `Cannot go on: '${program} ${args.slice(0, 3).join(" ")} ...' ended with exit code ${code}:\n${said}`,
    );
  }
  return { ms, stdout: text(stdout) };
}

async function feed(child: Deno.ChildProcess, input: string | undefined): Promise<void> {
  if (input === undefined) return;
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
}

/** An error's message with those of its causes; of one that came while another was being cleaned up after, both. */
export function wordsOf(error: unknown): string {
  if (error instanceof SuppressedError) return `${wordsOf(error.suppressed)}\nand then: ${wordsOf(error.error)}`;
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\nbecause: ${wordsOf(error.cause)}`;
}
