import type { Chart, DatabaseEntry, KubeObject, Platform } from "../../harness/model/chart.ts";
import type { ChartRule, VariantRule } from "../../harness/model/rule.ts";
import { setting } from "./excuse.ts";
import { graphOf } from "./graph.ts";
import { meaningOf, type Reference, referencesOf, settingsOf } from "./references.ts";
import { at, componentLabel, entryOf, installed, nameOf, ofKind, say } from "./views.ts";

/** The texts that a data service makes databases by: its files and commands. */
function makingTexts(chart: Chart): string[] {
  return settingsOf(chart).map(({ text }) => text);
}

/** The line that asks a data service for a database: service, user, name, extensions (`-` for none). */
function isAskedFor(texts: readonly string[], service: string, { user, name }: DatabaseEntry): boolean {
  const line = new RegExp(`^${[service, user, name].map(RegExp.escape).join("\\s+")}\\b`, "m");
  return texts.some((text) => line.test(text));
}

export const databasesMade: ChartRule = {
  title: "Every database, bucket and queue that a service uses is made, with its user",
  severity: "critical",
  why: "The service starts, cannot log in, and restarts for ever; a backup without its bucket is none.",
  remedy: "Let the data service's chart take the registry's list; it must not keep one of its own.",
  covers: ["P13", "P22", "P14"],
  expects: "the registry's databases in what the data services make",
  source: "registry",
  subjects: (chart, platform) => entryOf(platform, chart.name).databases,
  check(chart, platform) {
    return entryOf(platform, chart.name).databases.flatMap((database) => {
      const { engine, name, user } = database;
      const maker = platform.charts.find((one) => one.name === engine);
      if (maker && isAskedFor(makingTexts(maker), chart.name, database)) return [];
      return [missing(chart.name, `${engine} makes no ${name} for user ${user}`, `${name}, owned by ${user}`)];
    });
  },
};

function missing(service: string, found: string, wanted: string) {
  return { object: `service ${service}`, path: "databases", found, wanted, values: `services.${service}.databases` };
}

/** What upstream's charts use of the data service that a chart is. */
function upstreamDatabases(chart: Chart, { services }: Platform): { service: string; database: DatabaseEntry }[] {
  return services.filter(({ upstream }) => upstream !== null).flatMap(({ name: service, databases }) =>
    databases.filter(({ engine }) => engine === chart.name).map((database) => ({ service, database }))
  );
}

export const upstreamDatabasesMade: ChartRule = {
  title: "Every data service makes what upstream charts use of it",
  severity: "critical",
  why: "Backups and sign-on are upstream charts: their bucket or database would be missed only on the day that counts.",
  remedy: "Let the data service's chart take the registry's list; it must not keep one of its own.",
  covers: ["P13", "P22"],
  expects: "the registry's databases of upstream services in what the data service makes",
  source: "registry",
  subjects: upstreamDatabases,
  check(chart, platform) {
    const texts = makingTexts(chart);
    return upstreamDatabases(chart, platform)
      .filter(({ service, database }) => !isAskedFor(texts, service, database))
      .map(({ service, database: { name, user } }) =>
        missing(service, `${chart.name} makes no ${name}`, `${name}, owned by ${user}`)
      );
  },
};

/** The chart, if it is the one that makes databases whose users need a grant. */
function grantors(chart: Chart, { services }: Platform): Chart[] {
  const wanted = services.some(({ databases }) => databases.some(({ engine }) => engine === "postgres"));
  return chart.name === "postgres" && wanted ? [chart] : [];
}

export const databasesUsable: ChartRule = {
  title: "A database's user may create tables in it",
  severity: "critical",
  why: "From PostgreSQL 15 on nobody may by default: the first migration fails in a database that is there.",
  remedy: "Make the user the database's owner and grant all on schema public where databases are made; quote names.",
  covers: ["P13"],
  expects: "GRANT ALL ON SCHEMA public and an owner, with quoted names",
  subjects: grantors,
  check(chart, platform) {
    if (grantors(chart, platform).length === 0) return [];
    const text = makingTexts(chart).join("\n");
    const violation = (found: string, wanted: string) => [{
      object: `chart ${chart.name}`,
      path: "",
      found,
      wanted,
      values: setting("databases", "configFiles"),
    }];
    if (!/\bGRANT\s+ALL\b[^;]*\bON\s+SCHEMA\s+"?public"?/i.test(text)) {
      return violation("no grant on schema public", "GRANT ALL ON SCHEMA public TO the user");
    }
    const [unquoted] = /CREATE\s+EXTENSION\s+(IF\s+NOT\s+EXISTS\s+)?[a-z_]+-[a-z-]+/i.exec(text) ?? [];
    return unquoted ? violation(unquoted, "a quoted name: a hyphen ends the word") : [];
  },
};

/** The data services that a chart's settings name, each with one of the places. */
function namedServices(chart: Chart, platform: Platform): Map<string, Reference> {
  const graph = graphOf(platform);
  const engines = new Set(platform.services.flatMap((service) => service.databases.map(({ engine }) => engine)));
  return new Map(
    referencesOf(chart, platform).flatMap((one) => {
      const meaning = meaningOf(one, graph, platform);
      const other = meaning.kind === "rendered" && meaning.owner !== chart.name && engines.has(meaning.owner);
      return other ? [[meaning.owner, one] as const] : [];
    }),
  );
}

export const databasesDeclared: ChartRule = {
  title: "A service that names a data service has a database there",
  severity: "major",
  why: "It waits for a database that nobody makes, or its own built-in one is bypassed.",
  remedy: "List the database in the registry's entry, or take the connection out of the values.",
  covers: ["P13", "P14"],
  expects: "a database, bucket or the like in the registry for every data service that is named",
  source: "registry",
  subjects: (chart, platform) => [...namedServices(chart, platform)],
  check(chart, platform) {
    const { databases, calls } = entryOf(platform, chart.name);
    return [...namedServices(chart, platform)].filter(([owner]) =>
      !databases.some(({ engine }) => engine === owner) &&
      !calls.some(({ service }) => service === owner)
    ).map(([owner, { object, path, text }]) => ({
      object: nameOf(object),
      path,
      found: text,
      wanted: `a database of ${owner} in the registry`,
      values: `services.${chart.name}.databases`,
    }));
  },
};

export const databasesUsed: ChartRule = {
  title: "Every database that the registry gives a service is named in its settings",
  severity: "minor",
  why: "A database that nobody uses is a password that somebody can steal, and a need that delays the installation.",
  remedy: "Take it out of the registry's entry, or give the service its address.",
  covers: ["P14"],
  expects: "the data service's name in a setting, or a connection URL from Vault",
  source: "registry",
  subjects: (chart, platform) => entryOf(platform, chart.name).databases,
  check(chart, platform) {
    const engines = new Set(referencesOf(chart, platform).map(({ service }) => service.replace(/-headless$/, "")));
    const annotations = installed(chart).flatMap((object) =>
      JSON.stringify(at(object, "spec.template") ?? at(object, "spec") ?? "")
    );
    return entryOf(platform, chart.name).databases.filter(({ engine }) =>
      !engines.has(engine) && !annotations.some((text) => text.includes(`/${engine}`) || text.includes(`${engine}.`))
    ).map(({ engine, name }) =>
      missing(chart.name, `nothing in the chart names ${engine}`, `a use of ${name}, or no such entry`)
    );
  },
};

/** Claims of volumes, those that a StatefulSet makes for its pods too. */
function claimsOf(objects: readonly KubeObject[]): { object: KubeObject; path: string; claim: unknown }[] {
  return [
    ...ofKind(objects, "PersistentVolumeClaim").map((object) => ({ object, path: "spec", claim: object as unknown })),
    ...ofKind(objects, "StatefulSet").flatMap((object) =>
      ((at(object, "spec.volumeClaimTemplates") ?? []) as unknown[]).map((claim, index) => ({
        object,
        path: `spec.volumeClaimTemplates[${index}].spec`,
        claim,
      }))
    ),
  ];
}

export const storageClass: VariantRule = {
  title: "Every claim asks for the site's one storage class",
  severity: "critical",
  why: "A claim of another class stays pending, or lies where no backup looks.",
  remedy: "Leave class out of storage: the site's is filled in. A class that must differ belongs in the site's values.",
  covers: ["P15"],
  expects: "the storage class that the site declares",
  subjects: ({ objects }) => claimsOf(objects),
  check({ objects }, _chart, platform) {
    return claimsOf(objects).flatMap(({ object, path, claim }) => {
      const found = at(claim, "spec.storageClassName");
      if (found === platform.storageClass) return [];
      const values = setting(object.metadata.labels?.[componentLabel] ?? "", "storage");
      return [{
        object: nameOf(object),
        path: `${path}.storageClassName`,
        found: say(found),
        wanted: platform.storageClass,
        values,
      }];
    });
  },
};
