import { Buffer } from "node:buffer";
import { quote } from "../../model/render.ts";
import { isHarmless } from "./harmless.ts";

/** A command in a framed script, and how long it may take. */
export interface FramedCommand {
  readonly command: string;
  readonly timeoutMs: number;
}

/** How many commands of one script run at the same time on a host. */
export const lanes = 4;
/** Most bytes kept of one command's standard output or error. */
const mostBytes = 64 * 1024;
/** Most bytes passed on of what a lane's commands print to standard output or error; 512 is `find`'s unit of size. */
const mostLaneBytes = 8_192 * 512;

/**
 * One POSIX shell script that runs all commands in `folder`, in {@linkcode lanes} lanes, and prints as it goes:
 *
 *     <nonce> start <pid> <folder>
 *     <nonce> done <index> <exit code>      soon after a command ended
 *     <nonce> sizes, then `wc -c` of each lane's output and error, then <nonce> bytes and these themselves
 *
 * Each lane has one file for output and one for error, in which `<nonce> end <index>` follows what a command printed:
 * a file per command would cost more than most commands do. So would a message per command, which wakes sshd each time;
 * they are passed on every tenth of a second. Nothing is started for the frame itself: commands run by `eval` in a
 * subshell, where a syntax error ends only that one, or as they are if they cannot touch the shell.
 */
export function frameScript(nonce: string, folder: string, commands: readonly FramedCommand[]): string {
  const width = Math.min(lanes, commands.length);
  const run = (command: string) => isHarmless(command) ? command : `( eval ${quote(command)} )`;
  const laneOf = (lane: number) =>
    commands.flatMap(({ command }, i) => i % width === lane ? [`${run(command)}\nplumb_end ${i}`] : []).join("\n");
  const files = Array.from({ length: width }, (_, lane) => `"$d/${lane}.o" "$d/${lane}.e"`).join(" ");
  return [
    `d=$(mktemp -d) || exit 97`,
    `trap 'rm -rf "$d"' EXIT`,
    `cd ${quote(folder)} || exit 97`,
    `printf '${nonce} start %s %s\\n' "$$" "$d"`,
    `exec 3>"$d/done" 4<"$d/done"`,
    `plumb_end() {
printf '${nonce} done %s %s\\n' "$1" "$?" >&3
printf '${nonce} end %s\\n' "$1"
printf '${nonce} end %s\\n' "$1" >&2
}`,
    // `wait` is cut short by a signal, `sleep` is not; what is left of it must not keep the connection open.
    `plumb_tell() { trap exit TERM; while :; do sleep 0.1 >/dev/null 2>&1 & wait $!; cat <&4; done; }`,
    "w=",
    ...Array.from(
      { length: width },
      (_, lane) => `{\n${laneOf(lane)}\n} >>"$d/${lane}.o" 2>>"$d/${lane}.e" </dev/null 4<&- &\nw="$w $!"`,
    ),
    "plumb_tell &",
    "t=$!",
    "wait $w",
    "kill $t",
    "wait $t",
    "cat <&4",
    `find "$d" -type f -size +${
      mostLaneBytes / 512
    } -exec sh -c 'head -c ${mostLaneBytes} "$1" >"$1.cut" && mv "$1.cut" "$1"' sh {} \\;`,
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
const decoder = new TextDecoder();

/** Reads a framed script's output as it arrives. Anything before the first frame, such as a login banner, is passed over. */
export class FrameReader {
  /** Process id and scratch folder of the script, once it has said so. */
  started: { pid: number; folder: string } | null = null;
  /** Exit codes of the commands that have ended, by index. */
  readonly #codes = new Map<number, { code: number; at: number }>();
  #bytes = new Uint8Array(0);
  #tail: Uint8Array[] = [];
  #sizes: number[] | null = null;
  #inTail = false;

  readonly #width: number;

  constructor(private readonly nonce: string, private readonly count: number) {
    this.#width = Math.min(lanes, count);
  }

  /** Takes a chunk; returns the indexes of the commands that ended with it. */
  push(chunk: Uint8Array): number[] {
    if (this.#inTail) {
      this.#tail.push(chunk);
      return [];
    }
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const ended: number[] = [];
    for (let end = this.#bytes.indexOf(newline); end >= 0 && !this.#inTail; end = this.#bytes.indexOf(newline)) {
      const line = decoder.decode(this.#bytes.subarray(0, end));
      this.#bytes = this.#bytes.slice(end + 1);
      this.#line(line, ended);
    }
    if (this.#inTail) this.#tail.push(this.#bytes);
    return ended;
  }

  #line(line: string, ended: number[]): void {
    const at = line.indexOf(`${this.nonce} `);
    if (at < 0) {
      if (this.#sizes && this.#sizes.length < this.#width * 2) {
        this.#sizes.push(Number(line.trim().split(" ")[0]));
      }
      return;
    }
    const [word, first, ...rest] = line.slice(at + this.nonce.length + 1).split(" ");
    if (word === "start") this.started = { pid: Number(first), folder: rest.join(" ") };
    if (word === "sizes") this.#sizes = [];
    if (word === "bytes") this.#inTail = true;
    if (word === "done") {
      this.#codes.set(Number(first), { code: Number(rest[0]), at: Date.now() });
      ended.push(Number(first));
    }
  }

  /**
   * All outputs, in order; null if the script ended before it had printed them. Undefined stands for an output that was
   * lost because a command of the same lane printed too much or emptied the file, as `>/dev/stderr` does. The output of
   * a single command is never lost.
   */
  outputs(): (FramedOutput | undefined)[] | null {
    if (!this.#inTail || this.#sizes === null || this.#codes.size < this.count) return null;
    const bytes = Buffer.concat(this.#tail);
    if (this.#sizes.length < this.#width * 2 || this.#sizes.reduce((a, b) => a + b, 0) > bytes.length) return null;
    const streams: Map<number, string>[] = [];
    let at = 0;
    for (const size of this.#sizes) streams.push(this.#split(bytes.subarray(at, at += size), streams.length >> 1));
    return Array.from({ length: this.count }, (_, i) => {
      const lane = i % this.#width;
      const [stdout, stderr] = [streams[2 * lane].get(i), streams[2 * lane + 1].get(i)];
      return stdout === undefined || stderr === undefined ? undefined : { ...this.#codes.get(i)!, stdout, stderr };
    });
  }

  /** What each command of a lane printed to one of its two files, by index, up to the first whose end is not there. */
  #split(file: Uint8Array, lane: number): Map<number, string> {
    const buffer = Buffer.from(file.buffer, file.byteOffset, file.length);
    const texts = new Map<number, string>();
    let at = 0;
    for (let index = lane; index < this.count; index += this.#width) {
      const mark = `${this.nonce} end ${index}\n`;
      const found = buffer.indexOf(mark, at);
      if (found < 0 && this.count > 1) break;
      const end = found < 0 ? file.length : found;
      texts.set(index, decoder.decode(file.subarray(at, Math.min(end, at + mostBytes))));
      at = end + mark.length;
    }
    return texts;
  }
}
