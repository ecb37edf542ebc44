import { projectRoot } from "../../harness/adapters/project.ts";
import { environmentFolder, installEnvironment } from "../../harness/adapters/steps/toolchain.ts";
import { commands } from "../commands.ts";
import { type Arena, closeConnections, type Contender, inside, sshConfig } from "../contender.ts";
import { launch } from "../process.ts";

const requirements = `${projectRoot}/bench/requirements.txt`;

/** Installs the pinned requirements unless they are there; resolves to the environment's folder. */
export async function installTestinfra(): Promise<string> {
  const folder = environmentFolder("testinfra", requirements);
  const onLine = (line: string) => console.error(line);
  await installEnvironment(folder, requirements, { onLine, signal: new AbortController().signal });
  return folder;
}

/** The pinned version of pytest-testinfra. */
export async function testinfraVersion(): Promise<string> {
  const [, version] = /^pytest-testinfra==(.+)$/m.exec(await Deno.readTextFile(requirements)) ?? [];
  if (!version) throw new Error("Cannot tell pytest-testinfra's version: bench/requirements.txt does not pin it");
  return version;
}

/**
 * pytest-testinfra over its ssh backend, one test per check and host. Its connections are shared by ControlMaster and
 * outlive a run (ControlPersist), so that all rounds but the warm-up find them open: better than a first run has it.
 * `workers` is the number of pytest-xdist's processes, 0 for none.
 */
export async function testinfra(arena: Arena, workers: number): Promise<Contender> {
  const environment = await installTestinfra();
  const folder = `${arena.folder}/testinfra`;
  await Deno.mkdir(folder, { recursive: true });
  // A socket's path may have no more than 108 bytes.
  const sockets = await Deno.makeTempDir({ prefix: "plumb-ti-" });
  const config = `${folder}/ssh_config_${workers}`;
  await Deno.writeTextFile(config, sshConfig(arena.site, sockets));
  await Deno.writeTextFile(`${folder}/commands.json`, JSON.stringify(commands));
  await Deno.copyFile(`${projectRoot}/bench/testinfra/test_checks.py`, `${folder}/test_checks.py`);
  const hosts = arena.site.hosts.map((host) => host.name);
  const pytest = [`${environment}/bin/python3`, "-m", "pytest", "-q", "--rootdir", folder, "-p", "no:cacheprovider"];
  const spread = workers === 0 ? ["-p", "no:xdist"] : ["-n", String(workers)];
  const target = [`--ssh-config=${config}`, `--hosts=${hosts.map((host) => `ssh://${host}`).join(",")}`];
  const launched = {
    command: inside(arena, ...withBytecode, ...pytest, ...spread, ...target, "test_checks.py"),
    env: { BENCH_COMMANDS: `${folder}/commands.json` },
    folder,
  };
  const wanted = `${commands.length * hosts.length} passed`;
  return {
    name: workers === 0 ? "testinfra" : `testinfra -n ${workers}`,
    async round() {
      const { ms, stdout } = await launch(launched);
      if (!stdout.includes(wanted)) throw new Error(`Cannot count this round: testinfra did not say '${wanted}'`);
      return ms;
    },
    async [Symbol.asyncDispose]() {
      await closeConnections(config, sockets);
    },
  };
}

/** Without its bytecode cache Python would compile pytest anew in each round. */
const withBytecode = ["env", "-u", "PYTHONDONTWRITEBYTECODE"];
