import { exitCodes } from "../model/outcome.ts";

/** The exit codes as a Markdown table. */
export function exitCodeTable(): string {
  const rows = Object.values(exitCodes).map(({ code, means }) => `| ${code} | ${means} |`);
  return ["| exit code | what it means |", "| --- | --- |", ...rows].join("\n");
}

/** `text` with what stands between `<!-- name -->` and `<!-- /name -->` replaced. @throws if the markers are not there. */
export function fillSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`Cannot fill section '${name}': the text lacks '${start}' or '${end}'; put them back`);
  }
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}
