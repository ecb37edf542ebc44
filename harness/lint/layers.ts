import { posix } from "node:path";

/** The layers of the repository. Files in none of them (`harness/lint`, `bench`) may import what they like. */
export type Layer =
  | "main"
  | "cli"
  | "engine"
  | "report"
  | "adapters"
  | "state"
  | "model"
  | "specs"
  | "deploy"
  | "lab"
  | "sites"
  | "kubernetes";

/** Where each layer lies, from the repository's root; a name that ends with `/` is a folder. */
const places: Record<Layer, string> = {
  main: "main.ts",
  cli: "harness/cli/",
  engine: "harness/engine/",
  report: "harness/report/",
  adapters: "harness/adapters/",
  state: "harness/state/",
  model: "harness/model/",
  specs: "specs/",
  deploy: "deploy/",
  lab: "fixtures/lab/",
  sites: "sites/",
  kubernetes: "kubernetes/",
};

/** What each layer may import besides itself. A deploy file is not among its own kind: see {@linkcode refusal}. */
const below: Record<Layer, readonly Layer[]> = {
  main: ["cli", "engine", "report", "adapters", "state", "model", "lab", "sites"],
  cli: ["engine", "report", "adapters", "state", "model", "lab", "sites"],
  engine: ["model"],
  report: ["model"],
  adapters: ["model", "sites", "kubernetes"],
  state: ["model"],
  model: [],
  specs: ["model"],
  deploy: ["model", "specs"],
  lab: ["model", "sites"],
  sites: [],
  kubernetes: ["model"],
};

/** Layers that are plain data: no package, not even Node's or Deno's own, with the exceptions named. */
const withoutPackages: Partial<Record<Layer, readonly string[]>> = {
  model: [],
  specs: [],
  deploy: [],
  sites: ["zod"],
};

/** Packages that reach the world; of the harness only the adapters use them. */
const worldly = ["node-ssh", "@kubernetes/client-node", "dax"];

/** The harness's layers that leave the world to the adapters. */
const unworldly: readonly Layer[] = ["main", "cli", "engine", "report", "state"];

/** The layer of a file, given by its path from the repository's root; null for none. */
export function layerOf(path: string): Layer | null {
  const found = Object.entries(places).find(([, place]) =>
    place.endsWith("/") ? path.startsWith(place) : path === place
  );
  return found ? found[0] as Layer : null;
}

/** True for tests, which may import what they need to. */
export function isTest(path: string): boolean {
  return /_(test|lab)\.ts$/.test(path);
}

/** One import as it stands in a file. */
export interface Import {
  /** Path of the importing file from the repository's root. */
  readonly from: string;
  /** The specifier; of one that is put together at run time, its constant beginning. */
  readonly specifier: string;
  /** True if the specifier is put together at run time. */
  readonly computed: boolean;
  /** True if it brings in types only. */
  readonly typeOnly: boolean;
}

/** Why an import goes the wrong way, in the form "Cannot import A from B: why; what to do"; null if it is in order. */
export function refusal(wanted: Import): string | null {
  const layer = layerOf(wanted.from);
  if (!layer || isTest(wanted.from)) return null;
  const why = /^\.{1,2}\//.test(wanted.specifier)
    ? whyNotFile(wanted, layer, posix.join(posix.dirname(wanted.from), wanted.specifier))
    : whyNotPackage(wanted.specifier, layer);
  return why ? `Cannot import ${wanted.specifier} from ${wanted.from}: ${why}` : null;
}

function whyNotFile({ from, computed, typeOnly }: Import, layer: Layer, target: string): string | null {
  const other = layerOf(target);
  if (layer === "specs" && other === "deploy") {
    return `a spec must be able to condemn what a deploy file made; ${allowed(layer)}`;
  }
  if ((other === "specs" || other === "deploy") && layer !== "specs" && layer !== "deploy") {
    if (layer === "main" && computed) return null;
    return `${subject(layer)} knows no phase by name; let main.ts discover phases in their folders and hand them over`;
  }
  if (layer === "model" && target === "sites/schema.ts") {
    return typeOnly ? null : "the model takes only types from the site schema; write 'import type'";
  }
  if (layer === "deploy") return whyNotFromDeploy(from, target, other);
  const inOrder = other !== null && (other === layer || below[layer].includes(other));
  return inOrder ? null : `imports go one way; ${allowed(layer)}`;
}

function whyNotFromDeploy(from: string, target: string, other: Layer | null): string | null {
  const own = `specs/${posix.basename(from)}`;
  if (other === "model" || target === own) return null;
  return other === "specs"
    ? `a deploy file makes true only its own spec; import ${own}`
    : `imports go one way; a deploy file may import harness/model and ${own}`;
}

function whyNotPackage(specifier: string, layer: Layer): string | null {
  const name = /^(?:npm:|jsr:)?(@[^/]+\/[^/@]+|[^/@]+)/.exec(specifier)?.[1] ?? specifier;
  const exceptions = withoutPackages[layer];
  if (exceptions && !exceptions.includes(name)) return `${subject(layer)} needs no package; ${allowed(layer)}`;
  if (worldly.includes(name) && unworldly.includes(layer)) {
    return `only harness/adapters uses ${name}; add what is missing to an adapter`;
  }
  return null;
}

function subject(layer: Layer): string {
  switch (layer) {
    case "specs":
      return "a spec";
    case "deploy":
      return "a deploy file";
    case "main":
      return "main.ts";
    default:
      return title(layer);
  }
}

function allowed(layer: Layer): string {
  const may = [layer, ...below[layer]].filter((one) => one !== "deploy" && one !== "main").map(title);
  if (layer === "model") may.push("types of sites/schema.ts");
  may.push(...withoutPackages[layer] ?? []);
  const last = may.pop();
  return `${subject(layer)} may import ${may.length ? `${may.join(", ")} and ` : ""}${last}`;
}

function title(layer: Layer): string {
  return places[layer].replace(/\/$/, "");
}
