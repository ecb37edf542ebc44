import { quote } from "../../model/render.ts";

/** A command in a framed script, and how long it may take. */
export interface FramedCommand {
  readonly command: string;
  readonly timeoutMs: number;
}

/** How many commands of one script run at the same time on a host. */
export const lanes = 4;
/** Most bytes kept of one command's standard output or error. */
const mostBytes = 64 * 1024;

/**
 * One POSIX shell script that runs all commands in `folder`, in {@linkcode lanes} lanes, and prints as it goes:
 *
 *     <nonce> start <pid> <folder>
 *     <nonce> done <index> <exit code>      after each command
 *     <nonce> sizes, then `wc -c` of each output, then <nonce> bytes and the outputs themselves
 *
 * Each command runs by `eval` in a subshell: no process is started for the frame itself, which keeps a batch near the
 * speed of the bare commands, and a syntax error in one command ends only that one.
 */
export function frameScript(nonce: string, folder: string, commands: readonly FramedCommand[]): string {
  const width = Math.min(lanes, commands.length);
  const laneOf = (lane: number) =>
    commands.flatMap(({ command }, i) => i % width === lane ? [`p ${i} ${quote(command)}`] : []).join("\n");
  const files = commands.map((_, i) => `${i}.o ${i}.e`).join(" ");
  return [
    `d=$(mktemp -d) || exit 97`,
    `trap 'rm -rf "$d"' EXIT`,
    `cd "$d" || exit 97`,
    `printf '${nonce} start %s %s\\n' "$$" "$d"`,
    `p() { ( cd ${
      quote(folder)
    } && eval "$2" ) >"$d/$1.o" 2>"$d/$1.e" </dev/null; printf '${nonce} done %s %s\\n' "$1" "$?"; }`,
    ...Array.from({ length: width }, (_, lane) => `{\n${laneOf(lane)}\n} &`),
    "wait",
    `find . -type f -size +${mostBytes}c -exec truncate -s ${mostBytes} {} +`,
    `printf '${nonce} sizes\\n'`,
    `wc -c ${files}`,
    `printf '${nonce} bytes\\n'`,
    `cat ${files}`,
  ].join("\n") + "\n";
}

/** What a finished script printed of one command. */
export interface FramedOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** When its end was learnt, in milliseconds since 1970. */
  readonly at: number;
}

const newline = 10;

/** Reads a framed script's output as it arrives. Anything before the first frame, such as a login banner, is passed over. */
export class FrameReader {
  /** Process id and scratch folder of the script, once it has said so. */
  started: { pid: number; folder: string } | null = null;
  /** Exit codes of the commands that have ended. */
  readonly codes = new Map<number, { code: number; at: number }>();
  #bytes = new Uint8Array(0);
  #tail: Uint8Array[] = [];
  #sizes: number[] | null = null;
  #inTail = false;

  constructor(private readonly nonce: string, private readonly count: number) {}

  /** Takes a chunk; returns the indexes of the commands that ended with it. */
  push(chunk: Uint8Array): number[] {
    if (this.#inTail) {
      this.#tail.push(chunk);
      return [];
    }
    this.#bytes = concat([this.#bytes, chunk]);
    const ended: number[] = [];
    for (let end = this.#bytes.indexOf(newline); end >= 0 && !this.#inTail; end = this.#bytes.indexOf(newline)) {
      const line = new TextDecoder().decode(this.#bytes.subarray(0, end));
      this.#bytes = this.#bytes.slice(end + 1);
      this.#line(line, ended);
    }
    if (this.#inTail) this.#tail.push(this.#bytes);
    return ended;
  }

  #line(line: string, ended: number[]): void {
    const at = line.indexOf(`${this.nonce} `);
    if (at < 0) {
      if (this.#sizes && this.#sizes.length < this.count * 2) this.#sizes.push(Number(line.trim().split(" ")[0]));
      return;
    }
    const [word, first, ...rest] = line.slice(at + this.nonce.length + 1).split(" ");
    if (word === "start") this.started = { pid: Number(first), folder: rest.join(" ") };
    if (word === "sizes") this.#sizes = [];
    if (word === "bytes") this.#inTail = true;
    if (word === "done") {
      this.codes.set(Number(first), { code: Number(rest[0]), at: Date.now() });
      ended.push(Number(first));
    }
  }

  /** All outputs, in order; null if the script ended before it had printed them. */
  outputs(): FramedOutput[] | null {
    if (!this.#inTail || this.#sizes === null || this.codes.size < this.count) return null;
    const bytes = concat(this.#tail);
    if (this.#sizes.reduce((a, b) => a + b, 0) > bytes.length) return null;
    const text: string[] = [];
    let at = 0;
    for (const size of this.#sizes) text.push(new TextDecoder().decode(bytes.subarray(at, at += size)));
    return Array.from({ length: this.count }, (_, i) => ({
      ...this.codes.get(i)!,
      stdout: text[2 * i],
      stderr: text[2 * i + 1],
    }));
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
