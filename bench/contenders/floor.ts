import { commands } from "../commands.ts";
import { type Arena, closeConnections, type Contender, inside, sshConfig } from "../contender.ts";
import { launch } from "../process.ts";

/**
 * The least that anything can take: the checks as they are, as one script per host that stops at the first failure, over
 * connections that were opened before, on all hosts at once.
 */
export async function floor(arena: Arena): Promise<Contender> {
  const sockets = await Deno.makeTempDir({ prefix: "plumb-fl-" });
  const config = `${arena.folder}/floor_ssh_config`;
  await Deno.writeTextFile(
    config,
    sshConfig(arena.site, sockets).replaceAll("ControlPersist 60", "ControlPersist yes"),
  );
  const hosts = arena.site.hosts.map((host) => host.name);
  const over = (host: string, ...command: string[]) => ["ssh", "-F", config, host, ...command];
  const script = `${commands.join("\n")}\necho all ${commands.length} passed\n`;
  for (const host of hosts) await launch({ command: inside(arena, ...over(host, "true")) });
  return {
    name: "floor",
    async round() {
      const started = performance.now();
      // Outside the lab's network: only the open connections lead to its hosts.
      const ended = await Promise.all(hosts.map((host) => launch({ command: over(host, "sh", "-es"), input: script })));
      const ms = performance.now() - started;
      for (const { stdout } of ended) {
        if (!stdout.endsWith(`all ${commands.length} passed\n`)) {
          throw new Error("Cannot count this round: a host's script ended early");
        }
      }
      return ms;
    },
    async [Symbol.asyncDispose]() {
      await closeConnections(config, sockets);
    },
  };
}
