import type { Chart, Platform, Variant, YamlFile } from "./chart.ts";
import type { Judgement, Matcher } from "./matcher.ts";
import type { Assertion } from "./phase.ts";
import { helm } from "./probe.ts";
import type { Severity } from "./outcome.ts";

/** One place where a rule is broken. */
export interface Violation {
  /** `Deployment content/ghost`. */
  readonly object: string;
  /** Where in the object, dotted. */
  readonly path: string;
  readonly found: string;
  readonly wanted: string;
  /** What to change, dotted, in the file that `Rule.source` names; the nearest parent that exists gives the line. */
  readonly values: string;
  /** Where that is, if it is in no file that the rule's `source` could name. */
  readonly file?: YamlFile;
  /** The exception that the chart claims for it; absent if it claims none. */
  readonly exception?: Exception;
}

/** A red that a chart accepts for a while, written where the red is. */
export interface Exception {
  readonly reason: string;
  /** The last day that it holds, `YYYY-MM-DD`; afterwards the violation counts again. */
  readonly until: string;
}

/** A promise about charts, executable: a pure function of what they render. */
export interface Rule {
  /** A fact in the present tense. */
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly remedy: string;
  /** The requirements and pitfalls that it stands for, such as `HELM-004` or `P7`. */
  readonly covers: readonly string[];
  /** Completes "expected: ...". */
  readonly expects: string;
  /** The file that violations' `values` are in; the chart's values file if not given. */
  readonly source?: "registry" | "definition";
}

/** A rule that each rendering of each chart keeps by itself. */
export interface VariantRule extends Rule {
  /** What there is to look at; nothing if the rule does not apply. */
  subjects(variant: Variant, chart: Chart, platform: Platform): readonly unknown[];
  check(variant: Variant, chart: Chart, platform: Platform): readonly Violation[];
}

/** A rule that each chart keeps, beside the others, as it is installed. */
export interface ChartRule extends Rule {
  /** What there is to look at; nothing if the rule does not apply. */
  subjects(chart: Chart, platform: Platform): readonly unknown[];
  check(chart: Chart, platform: Platform): readonly Violation[];
}

/** A rule that all charts keep together. */
export interface PlatformRule extends Rule {
  check(platform: Platform): readonly Violation[];
  /** What was found if nothing is against it; the number of charts if not given. */
  told?(platform: Platform): string;
}

/** Most violations that are spelt out. */
const mostShown = 20;

/** `kubernetes/charts/ghost/values.yaml:12`: the line of a path, or of its nearest parent that the file has. */
export function lineOf(file: YamlFile, path: string): string {
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length--) {
    const line = file.lines[parts.slice(0, length).join(".")];
    if (line !== undefined) return `${file.path}:${line}`;
  }
  return `${file.path}:1`;
}

function inWords(violation: Violation, usual: YamlFile): string {
  const { object, path, found, wanted, values, file = usual, exception } = violation;
  const place = path === "" ? object : `${object} ${path}`;
  const expired = exception ? ` (its exception ended ${exception.until})` : "";
  return `${place}: found ${found}, wanted ${wanted}${expired}; change ${values} in ${lineOf(file, values)}`;
}

/** Makes one judgement of what a rule found; `held` is what was found if there is nothing against it. */
export function judgeViolations(
  violations: readonly Violation[],
  file: YamlFile,
  { today, held }: { today: string; held: string },
): Judgement {
  if (violations.length === 0) return { holds: true, found: held };
  const counting = violations.filter(({ exception }) => exception === undefined || exception.until < today);
  const lines = [...new Set((counting.length ? counting : violations).map((violation) => inWords(violation, file)))];
  const more = lines.length > mostShown ? [`and ${lines.length - mostShown} more`] : [];
  const found = [...lines.slice(0, mostShown), ...more].join("\n");
  if (counting.length) return { holds: false, found };
  const reasons = violations.map(({ exception }) => `${exception!.reason} (the chart, until ${exception!.until})`);
  return { holds: false, found, excuse: [...new Set(reasons)].join("; ") };
}

function chartNamed(platform: Platform, name: string): Chart {
  const chart = platform.charts.find((one) => one.name === name);
  if (chart) return chart;
  throw new TypeError(`Cannot judge ${name}: it was not rendered; give the probe every chart of the registry`);
}

function fileOf(rule: Rule, chart: Chart, platform: Platform): YamlFile {
  if (rule.source === "registry") return platform.registry;
  return rule.source === "definition" ? chart.definition ?? chart.values : chart.values;
}

function assertion<Id extends string>(rule: Rule, rest: Pick<Assertion<Id>, "on" | "needs" | "verify">): Assertion<Id> {
  const { title, severity, remedy } = rule;
  return { title, severity, why: `${rule.why} (${rule.covers.join(", ")})`, remedy, ...rest };
}

/** What the rule says against a chart, in all of its renderings; each is named where it is not the one installed. */
export function checkVariants(rule: VariantRule, chart: Chart, platform: Platform): Violation[] {
  const seen = new Set<string>();
  return chart.variants.flatMap((variant, index) =>
    rule.check(variant, chart, platform).filter((violation) => {
      const key = JSON.stringify(violation);
      return !seen.has(key) && seen.add(key);
    }).map((violation) =>
      index === 0 ? violation : { ...violation, object: `${violation.object} (with ${variant.values})` }
    )
  );
}

function objectCount({ variants }: Chart): string {
  const objects = variants.reduce((sum, variant) => sum + variant.objects.length, 0);
  return `${objects} objects in ${variants.length} renderings`;
}

/** The rule as an assertion that is looked at for each service, in each rendering of its chart. */
export function perRendering<Id extends string>(rule: VariantRule, ...needs: Id[]): Assertion<Id> {
  return perService(rule, needs, {
    check: (chart, platform) => checkVariants(rule, chart, platform),
    subjects: (chart, platform) => chart.variants.flatMap((variant) => rule.subjects(variant, chart, platform)),
  });
}

/** The rule as an assertion that is looked at for each service. */
export function perChart<Id extends string>(rule: ChartRule, ...needs: Id[]): Assertion<Id> {
  return perService(rule, needs, rule);
}

/** Why a rule says nothing of a chart. */
const inapplicable = "the chart has nothing that the rule is about";

function perService<Id extends string>(
  rule: Rule,
  needs: readonly Id[],
  { check, subjects }: Pick<ChartRule, "check" | "subjects">,
): Assertion<Id> {
  return assertion(rule, {
    on: "service",
    needs,
    verify: (_site, { name }) => {
      const matcher: Matcher<Platform> = {
        words: rule.expects,
        judge: (platform) => {
          const chart = chartNamed(platform, name);
          const file = fileOf(rule, chart, platform);
          const violations = check(chart, platform);
          // A pass over nothing would say that somebody has looked.
          if (violations.length === 0 && subjects(chart, platform).length === 0) {
            return { holds: true, found: inapplicable, inapplicable };
          }
          return judgeViolations(violations, file, { today: platform.today, held: objectCount(chart) });
        },
      };
      return helm(name).should(matcher);
    },
  });
}

/** The rule as an assertion that is looked at once, for all services together. */
export function overAll<Id extends string>(rule: PlatformRule, ...needs: Id[]): Assertion<Id> {
  return assertion(rule, {
    needs,
    verify: helm().should({
      words: rule.expects,
      judge: (platform) =>
        judgeViolations(rule.check(platform), platform.registry, {
          today: platform.today,
          held: rule.told?.(platform) ?? `${platform.charts.length} charts`,
        }),
    }),
  });
}
