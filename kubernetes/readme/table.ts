/** A Markdown table; empty without rows. Columns in which nothing stands are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (!rows.length) return "";
  const used = head.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ""));
  const line = (cells: readonly string[]) => `| ${used.map((at) => cell(cells[at])).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
