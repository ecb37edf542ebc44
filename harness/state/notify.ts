/** Where a notification's command gives up, in milliseconds. */
const deadlineMs = 20_000;

/** How much of the command's own complaint is worth repeating. */
const complaintLength = 500;

/**
 * Runs the site's notification command with `message` on its standard input, without a shell. The command has a process
 * group of its own, so that all of it ends with the deadline. The caller reports a failure as a warning: a message that
 * could not be sent does not make the site red.
 *
 * @throws {Error} if the command cannot be started, does not exit with 0, or takes longer than `timeoutMs`.
 */
export async function notify(
  command: readonly string[],
  message: string,
  { timeoutMs = deadlineMs }: { timeoutMs?: number } = {},
): Promise<void> {
  const child = start(command);
  const complaint = collect(child.stderr);
  const written = write(child.stdin, message);
  let timedOut = false;
  const deadline = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, timeoutMs);
  try {
    const status = await child.status;
    const writeError = await written;
    const said = await complaint.stop();
    if (timedOut) throw failure(command, `it took longer than ${timeoutMs / 1_000} s`, said);
    if (!status.success) throw failure(command, `it ended with exit code ${status.code}`, said);
    // A command may choose not to read the message; the pipe is then closed under the writer.
    if (writeError && !(writeError instanceof Deno.errors.BrokenPipe)) {
      throw failure(command, "its standard input could not be written", said, writeError);
    }
  } finally {
    clearTimeout(deadline);
  }
}

function start([program, ...args]: readonly string[]) {
  try {
    return new Deno.Command(program, { args, stdin: "piped", stdout: "null", stderr: "piped", detached: true }).spawn();
  } catch (cause) {
    throw failure([program], cause instanceof Error ? cause.message : String(cause), "", cause);
  }
}

/** Resolves with the error, if there was one. */
async function write(stdin: WritableStream<Uint8Array>, message: string): Promise<unknown> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(message));
    await writer.close();
    return null;
  } catch (error) {
    return error;
  }
}

function collect(stderr: ReadableStream<Uint8Array>) {
  const reader = stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const reading = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (text.length < complaintLength) text += next.value;
    }
  })();
  return {
    /** Ends the collection: something that the command started may live on and hold the pipe open. */
    async stop(): Promise<string> {
      const grace = setTimeout(() => reader.cancel(), 100);
      await reading.finally(() => clearTimeout(grace));
      return text.trim().slice(0, complaintLength);
    },
  };
}

function killGroup(leader: number): void {
  try {
    Deno.kill(-leader, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function failure(command: readonly string[], why: string, said: string, cause?: unknown): Error {
  const quoted = said === "" ? "" : ` (${said.replaceAll(/\s+/g, " ")})`;
  return new Error(
    `Cannot notify with '${
      command[0]
    }': ${why}${quoted}; try the site's notify.command by hand with a line of text on ` +
      "its standard input",
    { cause },
  );
}
