import { parse } from "yaml";
import { type JsonSchema, toJsonSchema } from "../schema/json_schema.ts";
import { type Values, valuesSchema } from "../schema/values.ts";
import { factsOf } from "./facts.ts";
import { type Row, rowsOf } from "./rows.ts";
import { table } from "./table.ts";

interface ChartFile {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly appVersion?: string;
  readonly home?: string;
  readonly sources?: readonly string[];
}

const library = "plumb-common";
const schema = toJsonSchema(valuesSchema, "values");

/** The README of a chart, from the texts of its Chart.yaml and its values.yaml. */
export function readmeOf(chartText: string, valuesText: string): string {
  const chart = parse(chartText) as ChartFile;
  const { about, rows } = rowsOf(valuesText);
  const values = (parse(valuesText) as Record<string, Values> | null)?.[library];
  return [
    `<!-- Made from Chart.yaml and values.yaml by 'deno run -A kubernetes/readme.ts'; edits are lost. -->`,
    `# ${chart.name}`,
    [chart.description, ...(values ? [about] : [])].filter(Boolean).map(asSentence).join(" "),
    `${versions(chart)} ${links(chart)}`.trim(),
    ...(values ? factsOf(values) : []),
    ...valuesSection(
      values ? rows : rows.map((row, at) => at ? row : { ...row, comment: row.comment || about }),
      !!values,
    ),
  ].join("\n\n") + "\n";
}

function versions({ version, appVersion }: ChartFile): string {
  return `Chart ${version}${appVersion ? `, application ${appVersion}` : ""}.`;
}

function links({ home, sources = [] }: ChartFile): string {
  const all = [...new Set([home, ...sources])].filter((link) => link !== undefined);
  return all.map((link) => `<${link}>`).join(", ");
}

function asSentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

function valuesSection(rows: readonly Row[], usesLibrary: boolean): string[] {
  const shown = rows.filter(({ path }) => !usesLibrary || path.length > 1).map(({ path, value, comment }) => {
    const own = usesLibrary ? path.slice(1) : path;
    return [`\`${own.join(".")}\``, show(value), comment || (usesLibrary ? described(own) : "")];
  });
  if (!shown.length) return [];
  const where = usesLibrary
    ? `All keys lie below \`${library}\`. What else may stand there: the library's README.\n\n`
    : "";
  return [`## Values\n\n${where}${table(["Key", "Value", "What it is"], shown)}`];
}

function show(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return '`""`';
  if (text.includes("\n")) return `(${text.trimEnd().split("\n").length} lines)`;
  return text.includes("`") ? text : `\`${text}\``;
}

/** What the schema says about the value at a path. */
function described(path: readonly string[]): string {
  let node: JsonSchema | undefined = schema;
  for (const key of path) {
    const { properties = {}, patternProperties = {} } = node as Record<string, Record<string, JsonSchema>>;
    node = properties[key] ?? Object.values(patternProperties)[0];
    if (!node) return "";
  }
  return String(node.description ?? "");
}
