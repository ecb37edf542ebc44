import { projectRoot } from "../adapters/project.ts";
import { exitCodes } from "../model/outcome.ts";

/** What a word on the command line can be completed from. */
const sources = {
  async sites(): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(`${projectRoot}/sites`)) {
      const [, site] = /^([a-z][a-z0-9-]*)\.yaml$/.exec(name) ?? [];
      if (site) names.push(site);
    }
    return names;
  },
  async phases(): Promise<string[]> {
    const { discover } = await import("./discover.ts");
    return (await discover()).phases.map((phase) => phase.name);
  },
  async assertions(): Promise<string[]> {
    const { discover } = await import("./discover.ts");
    return (await discover()).ids();
  },
};

/** Proposes the words of a source that begin with what was typed. */
export function startingWith(source: keyof typeof sources): (partial: string) => Promise<string[]> {
  return async (partial) => (await sources[source]()).filter((word) => word.startsWith(partial)).sort();
}

/** `completions`: for `eval "$(deno task --quiet completions)"`. */
export function printCompletions(): number {
  console.log(`plumb() { deno run -A ${projectRoot}/main.ts "$@"; }
_plumb() { mapfile -t COMPREPLY < <(plumb complete "\${COMP_WORDS[@]:1:COMP_CWORD}"); }
complete -F _plumb plumb`);
  return exitCodes.green.code;
}
