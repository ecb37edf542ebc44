import { quote } from "./render.ts";
import type { Site } from "./site.ts";

/** The site that Plumb works on if none is named. */
const defaultPath = "sites/lab.yaml";

/** Plumb's commands that work on a site and do not name it yet; the site goes after the verb. */
const unnamed = /\bdeno task (?:up|plan|check|drift|reset|explain)(?![\w-])(?![^`';,\n]*--site)/g;

/** The text with `--site` in every command of Plumb's own, so that what is typed does not work on the default site. */
export function forSite(text: string, { path }: Pick<Site, "path">): string {
  if (path === defaultPath) return text;
  const name = /^sites\/([a-z][a-z0-9-]*)\.yaml$/.exec(path)?.[1] ?? quote(path);
  return text.replace(unnamed, (command) => `${command} --site ${name}`);
}
