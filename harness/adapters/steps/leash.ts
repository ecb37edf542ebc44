/** How long what is asked to end may take before it is killed, in seconds. */
const graceSeconds = 2;

/**
 * Runs "$@" and passes its exit code on. Asked to end (TERM), it asks its whole process group, waits a little for the
 * command itself, then kills the group: Ansible's workers can outlive an Ansible that ends while it forks them.
 */
const keeper = `
end() {
  trap '' TERM
  kill -TERM 0
  (sleep ${graceSeconds}; kill -KILL 0) &
  wait "$child"
  kill -KILL 0
}
trap end TERM
"$@" &
child=$!
wait "$child"`;

/**
 * Starts a program on a leash: SIGTERM to the child that is returned ends the program with all that it has started, and
 * so, on Linux, does the death of this process, however it dies. Processes that left the group, such as ssh's shared
 * connections, stay. Output is piped, input is empty.
 */
export function leash(
  command: readonly string[],
  options: Pick<Deno.CommandOptions, "cwd" | "env" | "signal">,
): Deno.ChildProcess {
  const guard = Deno.build.os === "linux" ? ["setpriv", "--pdeathsig", "TERM"] : [];
  const [program, ...args] = [...guard, "sh", "-c", keeper, "sh", ...command];
  return new Deno.Command(program, {
    ...options,
    args,
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
