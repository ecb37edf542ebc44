import { createHash } from "node:crypto";
import { artifactsFolder, cacheFolder, programsFolder } from "../../model/cache.ts";
import { followLines } from "../lines.ts";
import { fromFileUrl } from "../project.ts";

const requirements = fromFileUrl(new URL("../../../ansible/requirements.txt", import.meta.url));
const cache = () => cacheFolder((name) => Deno.env.get(name));

/** Where the Python environment of a file of pinned requirements lies; its name is the hash of what is to be in it. */
export function environmentFolder(name: string, requirementsFile: string): string {
  const recipe = Deno.readTextFileSync(requirementsFile);
  return `${cache()}/${name}-${createHash("sha256").update(recipe).digest("hex").slice(0, 16)}`;
}

/** The Python environment of the tools that Plumb drives. */
export function toolchainFolder(): string {
  return environmentFolder("tools", requirements);
}

/** Folders of the programs that Plumb installs for itself: the toolchain's, and those that were fetched or built. */
export function toolFolders(): string[] {
  return [`${toolchainFolder()}/bin`, `${artifactsFolder((name) => Deno.env.get(name))}/${programsFolder}`];
}

/** Puts the toolchain's programs before all others on this process's PATH, whether they are installed yet or not. */
export function useToolchain(): void {
  const path = (Deno.env.get("PATH") ?? "").split(":");
  const missing = toolFolders().filter((folder) => !path.includes(folder));
  if (missing.length) Deno.env.set("PATH", [...missing, ...path].join(":"));
}

/** Makes the toolchain unless it is there (`afresh`: even then), resolving to true if it had to. */
export function installToolchain(
  onLine: (line: string) => void,
  signal: AbortSignal,
  { afresh = false }: { afresh?: boolean } = {},
): Promise<boolean> {
  return installEnvironment(toolchainFolder(), requirements, { onLine, signal, afresh });
}

/**
 * Makes a Python environment unless it is there, resolving to true if it had to. Two runs at once wait for each other; an
 * installation that was cut short is started over. In the lab's network the download goes out by the launching process's
 * network, which `$PLUMB_UPLINK` names.
 */
export async function installEnvironment(
  folder: string,
  requirementsFile: string,
  { onLine, signal, afresh = false }: { onLine: (line: string) => void; signal: AbortSignal; afresh?: boolean },
): Promise<boolean> {
  await Deno.mkdir(cache(), { recursive: true });
  using lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  await lock.lock(true);
  const complete = `${folder}/complete`;
  if (!afresh && await exists(complete)) return false;
  if (await exists(folder)) await Deno.remove(folder, { recursive: true });
  await run(["python3", "-m", "venv", folder], onLine, signal);
  const pip = [`${folder}/bin/python3`, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
  await run([...pip, "--progress-bar", "off", "--requirement", requirementsFile], onLine, signal);
  await Deno.writeTextFile(complete, "");
  return true;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function run(command: readonly string[], onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
  const uplink = Deno.env.get("PLUMB_UPLINK");
  const [program, ...args] = uplink ? ["nsenter", `--net=${uplink}`, ...command] : command;
  const child = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "piped", signal }).spawn();
  const tail: string[] = [];
  const code = await followLines(child, (line) => {
    onLine(line);
    tail.push(line);
    if (tail.length > 5) tail.shift();
  });
  signal.throwIfAborted();
  if (code !== 0) {
    throw new Error(
      `Cannot install the tools: '${command.slice(0, 3).join(" ")} ...' ended with exit code ${code}: ${
        tail.join(" / ")
      }; ` +
        "see that python3 has its venv module and that a Python package index can be reached",
    );
  }
}
