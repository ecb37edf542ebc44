/** Cuts output that arrives in pieces into its non-empty lines. */
export class LineReader {
  #rest = "";
  readonly #decoder = new TextDecoder();

  constructor(private readonly onLine: (line: string) => void) {}

  /** Takes the next piece. */
  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#rest = lines.pop()!;
    lines.forEach((line) => this.#tell(line));
  }

  /** Takes what is left as the last line. */
  end(): void {
    this.#tell(this.#rest + this.#decoder.decode());
    this.#rest = "";
  }

  #tell(line: string): void {
    if (line.trim() !== "") this.onLine(line);
  }
}

/** Reads a child process's output and errors line by line until it has ended; resolves to its exit code. */
export async function followLines(child: Deno.ChildProcess, onLine: (line: string) => void): Promise<number> {
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const reader = new LineReader(onLine);
    for await (const chunk of stream) reader.push(chunk);
    reader.end();
  };
  const [{ code }] = await Promise.all([child.status, read(child.stdout), read(child.stderr)]);
  return code;
}
