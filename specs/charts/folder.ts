import type { Chart, Platform } from "../../harness/model/chart.ts";
import type { ChartRule, PlatformRule, VariantRule, Violation } from "../../harness/model/rule.ts";
import { at, containers, installed, pods, say } from "./views.ts";

/** The one line that a chart's templates consist of. */
const include = '{{ include "plumb-common.all" . }}';
const library = "plumb-common";
const semantic = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

function chartViolation(chart: Chart, path: string, found: unknown, wanted: string): Violation {
  return { object: `chart ${chart.name}`, path, found: say(found), wanted, values: path };
}

/** Charts without a pod need nothing of the library. */
function hasPods(chart: Chart): boolean {
  return pods(installed(chart)).length > 0;
}

export const lintClean: ChartRule = {
  title: "The chart passes Helm's own lint, warnings included",
  severity: "critical",
  why: "What lint warns of today, the next Helm refuses in the middle of a deployment.",
  remedy: "Correct what lint names; a message about values names the key and what is allowed there.",
  covers: ["HELM-001", "CICD-001"],
  expects: "nothing said by helm lint --strict",
  subjects: (chart) => [chart],
  check: (chart) => chart.lint.map((said) => chartViolation(chart, "", said, "nothing to say")),
};

/** The values path that Helm names, in a schema's message or in one of the library's. */
function whereHelmPoints(said: string): string | undefined {
  const [, schema, pointer, unknown] = /(\S+): - at '([^']*)'(?:: additional properties '([^']+)')?/.exec(said) ?? [];
  if (pointer !== undefined) {
    const parts = [...pointer.split("/"), unknown ?? ""].filter((part) => part !== "");
    return (schema === library && parts[0] !== library ? [library, ...parts] : parts).join(".");
  }
  const [, path] =
    /Cannot render [\w-]+:[\s-]+((?:components|network|routes|secrets|databases|test|primary)[\w.[\]-]*)/.exec(said) ??
      [];
  return path && `${library}.${path.replaceAll(/\[(\d+)\]/g, ".$1")}`;
}

export const renders: VariantRule = {
  title: "The chart renders with each of its values files",
  severity: "critical",
  why: "A chart that does not render cannot be installed, and nothing else can be said of it.",
  remedy: "Correct the value that Helm names; it says what is allowed there.",
  covers: ["HELM-003", "P10"],
  expects: "at least one object from every values file",
  subjects: (variant) => [variant],
  check({ failure, objects, values }, chart) {
    const violation = (found: string) => [{
      object: `chart ${chart.name}`,
      path: "",
      found,
      wanted: "at least one object",
      values: whereHelmPoints(found) ?? values,
    }];
    if (failure !== null) return violation(failure);
    if (objects.length) return [];
    const none = "no object at all";
    return violation(Object.keys(chart.templates).length ? none : `${none}, for there is no templates/all.yaml`);
  },
};

export const schemaValid: VariantRule = {
  title: "Every object is valid for the cluster's version of Kubernetes",
  severity: "critical",
  why: "The API server refuses the object, or drops the misspelt key without a word.",
  remedy: "Correct the key or the value; the library decides most of them, so look at its templates as well.",
  covers: ["CICD-001", "P1"],
  expects: "objects that the schemas of their kinds accept, strictly",
  subjects: ({ objects }) => objects,
  check: ({ faults }) =>
    faults.map(({ object, path, message }) => ({
      object,
      path,
      found: message,
      wanted: "what the schema allows",
      values: library,
    })),
};

export const thinChart: ChartRule = {
  title: "The chart is a thin shell around the library",
  severity: "major",
  why: "What a chart renders by itself is not held to one shape, and the next rule has to be written into every chart.",
  remedy: `Put what the service needs into values; templates/all.yaml holds '${include}' and nothing else.`,
  covers: ["HELM-001"],
  expects: "Chart.yaml, values.yaml, README.md and templates with the one include",
  source: "definition",
  subjects: (chart) => [chart],
  check(chart) {
    const missing = ["Chart.yaml", "values.yaml", "README.md"].filter((file) => !chart.files.includes(file));
    const wrong = missing.map((file) => chartViolation(chart, file, "no such file", "the file"));
    if (!hasPods(chart)) return wrong;
    const text = chart.templates["templates/all.yaml"];
    if (text?.trim() !== include) {
      wrong.push(
        chartViolation(chart, "templates/all.yaml", text === undefined ? "no such file" : text.trim(), include),
      );
    }
    const workloads = /^kind: *["']?(Deployment|StatefulSet|DaemonSet|CronJob|Job|Pod|Service|NetworkPolicy|Role)\b/m;
    for (const [path, template] of Object.entries(chart.templates)) {
      const [line] = workloads.exec(template) ?? [];
      if (line) wrong.push(chartViolation(chart, path, line, "kinds that the library renders left to the library"));
    }
    return wrong;
  },
};

export const chartMetadata: ChartRule = {
  title: "Chart.yaml says what the chart is, whose and of which version",
  severity: "major",
  why: "Without it nobody can tell which version runs, where it comes from, or whom to ask.",
  remedy: "Complete Chart.yaml; the library's version is the one in its own Chart.yaml.",
  covers: ["HELM-002", "P25"],
  expects: "apiVersion v2, a semantic version, appVersion, keywords, home, sources, maintainers, the library's version",
  source: "definition",
  subjects: (chart) => [chart],
  check(chart, platform) {
    const data = chart.definition?.data;
    const wrong: Violation[] = [];
    const want = (path: string, holds: (value: unknown) => boolean, wanted: string) => {
      const value = at(data, path);
      if (!holds(value)) wrong.push(chartViolation(chart, path, value, wanted));
    };
    const some = (
      value: unknown,
    ) => (Array.isArray(value) ? value.length > 0 : typeof value === "string" && value !== "");
    want("apiVersion", (value) => value === "v2", "v2");
    want("name", (value) => value === chart.name, chart.name);
    want("version", (value) => typeof value === "string" && semantic.test(value), "a semantic version such as 0.1.0");
    for (const key of ["description", "appVersion", "home"]) want(key, some, "a text");
    for (const key of ["keywords", "sources", "maintainers"]) want(key, some, "a list with at least one entry");
    if (hasPods(chart)) {
      const entries = (at(data, "dependencies") ?? []) as { name?: string; version?: string }[];
      const version = entries.find((entry) => entry.name === library)?.version;
      if (version !== platform.libraryVersion) {
        wrong.push(chartViolation(chart, "dependencies", version, `${library} ${platform.libraryVersion}`));
      }
    }
    return wrong;
  },
};

/** The images of the chart's pods, its tests aside. */
function imagesOf(chart: Chart): string[] {
  return pods(installed(chart)).filter((pod) => !pod.test)
    .flatMap((pod) => containers(pod).map(({ container }) => container.image ?? ""));
}

export const appVersion: ChartRule = {
  title: "The chart's appVersion is the tag of an image that it runs",
  severity: "major",
  why: "Labels, dashboards and people would name a version that does not run.",
  remedy: "Set appVersion in Chart.yaml to the main image's tag whenever the tag changes.",
  covers: ["P25"],
  expects: "the tag of one of the images",
  source: "definition",
  subjects: imagesOf,
  check(chart) {
    const images = imagesOf(chart);
    if (images.length === 0) return [];
    // A tag may go on about how the image is built: 6.49.0-alpine.
    const bare = (version: string) => version.replace(/^v/, "");
    const tags = [...new Set(images.map((image) => /:([^:@/]+)(@|$)/.exec(image)?.[1] ?? ""))];
    const version = String(at(chart.definition?.data, "appVersion") ?? "");
    const same = tags.some((tag) => bare(tag) === bare(version) || bare(tag).startsWith(`${bare(version)}-`));
    return same ? [] : [chartViolation(chart, "appVersion", version, `one of ${tags.join(", ")}`)];
  },
};

/** The rule that there is something to look at at all; it tells how much, `rules` being how many rules hold it together. */
export function allRendered(rules: number): PlatformRule {
  const count = ({ charts }: Platform) => {
    const variants = charts.flatMap((chart) => chart.variants);
    const objects = variants.reduce((sum, { objects }) => sum + objects.length, 0);
    return { renderings: variants.length, objects };
  };
  return {
    title: "Every chart has its entry in the registry, and was rendered",
    severity: "critical",
    why: "A rule about nothing holds: whether the charts fit together can be said only of all of them.",
    remedy: "Add the entry to kubernetes/services.yaml, or remove the folder of a chart that is no service.",
    covers: ["HELM-001"],
    expects: "an entry for every folder of kubernetes/charts, every chart rendered, and at least one object",
    check(platform) {
      const violation = (found: string) => ({
        object: "the registry",
        path: "",
        found,
        wanted: "objects",
        values: "services",
      });
      const failed = platform.charts.filter(({ variants }) => variants.some(({ objects }) => objects.length === 0));
      if (failed.length) return [violation(`no rendering of ${failed.map(({ name }) => name).join(", ")}`)];
      const strangers = platform.folders.filter((folder) => !platform.services.some(({ name }) => name === folder));
      if (strangers.length) {
        return strangers.map((name) => ({ ...violation(`kubernetes/charts/${name}`), wanted: `an entry ${name}` }));
      }
      return count(platform).objects > 0 ? [] : [violation("nothing rendered")];
    },
    told: (platform) => {
      const { renderings, objects } = count(platform);
      return `${platform.charts.length} charts, ${renderings} renderings, ${objects} objects, ${rules} rules`;
    },
  };
}
