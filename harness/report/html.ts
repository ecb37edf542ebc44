import type { Result } from "../model/event.ts";
import { humanDuration } from "../model/duration.ts";
import { countOutcomes, type Outcome } from "../model/outcome.ts";
import { failureRows } from "./failure.ts";
import { holding, outcomeOf, type PhaseRecord, type RunRecord, spokenName } from "./record.ts";
import { makeStyle, mark } from "./style.ts";
import { summaryWords } from "./summary.ts";
import { cellOutcome, signsOf, tableOf } from "./table.ts";
import { plainText } from "./text.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const plain = makeStyle(false);

/** Text with everything that HTML would act on escaped. */
function text(value: string): string {
  return plainText(value).replace(/[&<>"']/g, (char) => entities[char]);
}

function sign(outcome: Outcome): string {
  return `<span class="sign ${outcome}" aria-hidden="true">${mark(outcome, plain)}</span>`;
}

/** An anchor that a cell of the table leads to. */
function anchor({ id, host }: Pick<Result, "id" | "host">): string {
  return `${id}-${host}`.replace(/[^\w-]+/g, "-");
}

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --pass: #1a7f37; --fail: #cf222e; --error: #9a6700;
  --waived: #0969da; --skipped: #888; --blocked: #888; }
@media (prefers-color-scheme: dark) { :root { --pass: #3fb950; --fail: #f85149; --error: #d29922; --waived: #58a6ff; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 110rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
table { border-collapse: collapse; } td, th { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
.wide { overflow-x: auto; } .matrix { font-size: .85rem; } .matrix td { text-align: center; padding: .1rem .25rem; }
.matrix th[scope=row] { position: sticky; left: 0; background: Canvas; white-space: nowrap; }
.matrix thead th { vertical-align: bottom; padding: .2rem; font-weight: normal; }
.matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.matrix tbody tr:hover td, .matrix tbody tr:hover th { background: var(--soft); } .matrix a { text-decoration: none; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .error { color: var(--error); } .waived { color: var(--waived); }
.skipped { color: var(--skipped); } .blocked { color: var(--blocked); } .sign { font-weight: bold; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .25rem 0; } dt { opacity: .6; } dd { margin: 0; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .85rem/1.4 ui-monospace, monospace; }
.why { margin: 0; opacity: .8; } .number { text-align: right; }`;

/** Outcomes of which the page has the details. */
const detailed: readonly Outcome[] = ["fail", "error", "waived", "blocked"];

function phaseRow(phase: PhaseRecord): string {
  const outcome = outcomeOf(phase);
  const cells = [
    `<td>${sign(outcome)} ${outcome}</td>`,
    `<td><code>${text(phase.name)}</code></td>`,
    `<td>${text(phase.title)}</td>`,
    `<td class="number">${holding(countOutcomes(phase.results))}</td>`,
    `<td class="number">${phase.steps.length}</td>`,
    `<td class="number">${humanDuration(phase.durationMs)}</td>`,
  ];
  return `<tr>${cells.join("")}</tr>`;
}

/** The table of services and promises: each cell says what was found, and leads to the details where it is not green. */
function matrix(phase: PhaseRecord): string[] {
  const table = tableOf(phase);
  if (!table) return [];
  const head = table.promises.map((key) => `<th scope="col"><span>${text(key)}</span></th>`).join("");
  const cell = (result: Result | null) => {
    const outcome = cellOutcome(result);
    if (result === null) return `<td class="error" title="not looked at">${sign(outcome)}</td>`;
    const word = outcome === "skipped" ? "not applicable" : outcome;
    const title = `${result.id} on ${result.host}: ${word}. ${result.title}. ${result.note || result.found}`;
    const inner = detailed.includes(outcome) ? `<a href="#${anchor(result)}">${sign(outcome)}</a>` : sign(outcome);
    return `<td class="${outcome}" title="${text(title)}">${inner}<span hidden>${word}</span></td>`;
  };
  const rows = table.rows.map(({ service, cells }) => {
    const counts = holding(countOutcomes(cells.map((one) => ({ outcome: cellOutcome(one) }))));
    return `<tr><th scope="row">${text(service)}</th>${cells.map(cell).join("")}<td>${counts}</td></tr>`;
  });
  return [
    `<h2 id="matrix-${text(phase.name)}">${
      text(phase.name)
    }: ${table.rows.length} services, ${table.promises.length} rules for each, ${table.together.length} over all</h2>`,
    ...(phase.summary?.headline ? [`<p>${text(phase.summary.headline)}</p>`] : []),
    `<div class="wide"><table class="matrix"><thead><tr><th></th>${head}<th></th></tr></thead>`,
    `<tbody>`,
    ...rows,
    `</tbody></table></div>`,
    `<p>${signsOf(table).map(({ outcome, meaning }) => `${sign(outcome)} ${text(meaning)}`).join(", ")}</p>`,
    `<h3>Over all services</h3>`,
    `<table><tbody>`,
    ...table.together.map((result) =>
      `<tr><td>${sign(result.outcome)}</td><td><code>${text(result.id)}</code></td><td>${text(result.title)}</td><td>${
        text(result.outcome)
      }</td></tr>`
    ),
    `</tbody></table>`,
  ];
}

function details(result: Result): string {
  const rows = [...failureRows(result), ["note", result.note] as const].filter(([, value]) => value !== "")
    .map(([label, value]) => `<dt>${text(label)}</dt><dd><pre>${text(value)}</pre></dd>`);
  return [
    `<h3 id="${anchor(result)}">${sign(result.outcome)} ${text(spokenName(result))}: ${text(result.title)}</h3>`,
    `<p class="why">${text(result.why)}</p>`,
    `<dl>${rows.join("")}</dl>`,
  ].join("\n");
}

/** The run as one HTML page that needs nothing else: summary, phases, tables of services, and details of all that is not green. */
export function renderHtml(record: RunRecord): string {
  const { started, finished, results } = record;
  const heading = `Plumb ${started?.verb ?? ""} of ${started?.site ?? "a site"}: ${finished?.ending ?? "interrupted"}`;
  const sections = detailed.flatMap((outcome) => {
    const some = results.filter((result) => result.outcome === outcome);
    return some.length ? [`<h2>${outcome}: ${some.length}</h2>`, ...some.map(details)] : [];
  });
  const lines = [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${text(heading)}</title><style>${style}</style></head><body>`,
    `<h1>${text(heading)}</h1>`,
    `<p>${text(summaryWords(record))}. Started ${text(started?.at ?? "never")}.</p>`,
    `<div class="wide"><table><thead><tr><th></th><th>Phase</th><th>Promise</th><th>Hold</th><th>Steps</th><th>Time</th></tr></thead>`,
    `<tbody>${record.phases.map(phaseRow).join("\n")}</tbody></table></div>`,
    ...record.phases.flatMap(matrix),
    ...sections,
    "</body></html>",
  ];
  return `${lines.join("\n")}\n`;
}
