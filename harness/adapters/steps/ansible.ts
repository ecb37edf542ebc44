import { homedir } from "node:os";
import type { AnsibleRun } from "../../model/step.ts";
import type { Site } from "../../model/site.ts";
import { followLines } from "../lines.ts";
import { leash } from "./leash.ts";
import { projectRoot } from "../project.ts";
import { secretFile } from "./secret_file.ts";

/** What an Ansible run needs of its step. */
export interface AnsibleEnvironment {
  readonly site: Site;
  readonly inventory: string;
  /** The decrypted secrets, as the roles' variable `secrets`. */
  secrets(): Promise<unknown>;
  onLine(line: string): void;
  readonly signal: AbortSignal;
}

/** Runs `ansible/all.yml`. Rejects with the task that failed and what it said. */
export async function runAnsible(run: AnsibleRun, env: AnsibleEnvironment): Promise<void> {
  await using variables = await secretFile(JSON.stringify({ ...run.extra, secrets: await env.secrets() }));
  const args = [
    "--inventory",
    env.inventory,
    "--extra-vars",
    `@${variables.path}`,
    "--tags",
    run.tags.join(","),
    ...(run.limit ? ["--limit", `${run.limit},localhost`] : []),
    `${projectRoot}/ansible/all.yml`,
  ];
  env.onLine(`$ ansible-playbook ${args.join(" ")}`);
  const said = new FailureReader();
  const code = await stream(args, env.site, (line) => {
    said.read(line);
    env.onLine(line);
  }, env.signal);
  env.signal.throwIfAborted();
  if (code !== 0) throw new Error(`Cannot finish Ansible run '${run.tags.join(",")}': ${said.words(code)}`);
}

async function stream(
  args: readonly string[],
  site: Site,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  // Ansible must not go on alone when this process is killed: the next run would work beside it.
  const child = leash(["ansible-playbook", ...args], {
    cwd: `${projectRoot}/ansible`,
    env: {
      ANSIBLE_CONFIG: `${projectRoot}/ansible/ansible.cfg`,
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_FORCE_COLOR: "0",
      // Ansible keeps connections open under names made from addresses: another site may have the same ones.
      ANSIBLE_SSH_CONTROL_PATH_DIR: `${homedir()}/.ansible/plumb-${site.name}`,
    },
    signal,
  });
  return await followLines(child, onLine);
}

/** Most characters of a failure that are repeated in an error. */
const mostSaid = 600;

/** Remembers which task failed, on which hosts and with what message. */
class FailureReader {
  #task = "";
  readonly #failures: string[] = [];

  read(line: string): void {
    const [, task] = /^(?:TASK|RUNNING HANDLER) \[(.*?)\]/.exec(line) ?? [];
    if (task) this.#task = task;
    if (/^(fatal|failed|ERROR|\[ERROR\])/.test(line)) {
      this.#failures.push(`${this.#task ? `'${this.#task}': ` : ""}${line}`);
    }
  }

  words(code: number): string {
    const said = this.#failures.join(" / ").slice(0, mostSaid);
    return `exit code ${code}${said ? `: ${said}` : ""}; the step's log has the rest`;
  }
}
