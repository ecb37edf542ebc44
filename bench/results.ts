import { projectRoot } from "../harness/adapters/project.ts";

const path = `${projectRoot}/bench/results.md`;

/** The page of results with one benchmark's section put in, in place of the one that it had; the others stay. */
export function withSection(page: string, title: string, text: string): string {
  const sections = page.split(/^(?=# )/m).map((section) => section.trim()).filter((section) => section !== "");
  const section = `# ${title}\n\n${text.trim()}`;
  const at = sections.findIndex((one) => one.split("\n")[0] === `# ${title}`);
  if (at < 0) sections.push(section);
  else sections[at] = section;
  return `${sections.join("\n\n")}\n`;
}

/** Writes a benchmark's section of `bench/results.md`. */
export async function keepResult(title: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, withSection(await Deno.readTextFile(path), title, text));
}
