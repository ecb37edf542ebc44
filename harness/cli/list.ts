import type { Assertion } from "../model/phase.ts";
import { discover } from "./discover.ts";

/** `list`: every promise, by phase. */
export default async function list(flags: { json?: boolean }): Promise<number> {
  const { phases } = await discover();
  const rows = phases.flatMap(({ name, phase }) =>
    Object.entries<Assertion>(phase.asserts).map(([key, { title, severity, on, mode }]) => ({
      id: `${name}/${key}`,
      title,
      severity,
      on: on ?? null,
      exercise: mode === "exercise",
    }))
  );
  if (flags.json) {
    console.log(JSON.stringify(rows, null, 2));
    return 0;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const { name, phase } of phases) {
    const before = phase.after.map((other) => phases.find((p) => p.phase === other)!.name);
    console.log(`${name}: ${phase.title}${before.length ? ` (after ${before.join(", ")})` : ""}`);
    for (const row of rows.filter(({ id }) => id.startsWith(`${name}/`))) {
      const marks = [row.severity, ...(row.on ? [`on ${row.on}`] : []), ...(row.exercise ? ["exercise"] : [])];
      console.log(`  ${row.id.padEnd(width)}  ${row.title} (${marks.join(", ")})`);
    }
  }
  return 0;
}
