import type { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import type { Result, Verb } from "../model/event.ts";
import type { Ending, Outcome } from "../model/outcome.ts";
import { type Previous, type ResultKey, resultKey } from "./transitions.ts";

/** A run as the history keeps it. */
export interface RunRecord {
  readonly id: string;
  readonly verb: Verb;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly ending: Ending;
  readonly exitCode: number;
  readonly durationMs: number;
}

/** The runs of one site. Every method throws {@linkcode HistoryError}. */
export interface History extends Disposable {
  /** Keeps a run with its results: all of it or, if that fails, none of it. */
  record(run: RunRecord, results: readonly Result[]): void;
  /**
   * What was known when the newest finished `drift` ended; null if none finished. What people saw in between, in an `up`
   * or a `check`, was not told to those who get the messages.
   */
  previous(): Previous | null;
  /** Forgets all but the newest runs and the newest `drift`. What it knew of each assertion is kept, however old. */
  prune(keepRuns?: number): void;
  close(): void;
}

/** The history could not be read or written. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}

const schemaVersion = 1;

/**
 * `known` holds the newest outcome of each assertion and host over finished `drift` runs, so that it survives pruning and costs
 * the same however long the history is.
 */
const schema = `
  CREATE TABLE runs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    verb TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ending TEXT NOT NULL,
    exit_code INTEGER NOT NULL,
    duration_ms REAL NOT NULL
  ) STRICT;
  CREATE TABLE results (
    run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    host TEXT NOT NULL,
    outcome TEXT NOT NULL,
    severity TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    seen_red INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    found TEXT NOT NULL,
    PRIMARY KEY (run, id, host)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE known (
    id TEXT NOT NULL,
    host TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (id, host)
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

const newestDrift = "SELECT max(seq) FROM runs WHERE verb = 'drift' AND ending <> 'interrupted'";

/**
 * Opens the history of the site whose state folder is `dir`: `<dir>/history.sqlite`, made if missing. Loads SQLite only
 * now, so that runs without history start without it.
 *
 * @throws {HistoryError} if the file is not a history of this schema, or is damaged; it is left as it is.
 */
export async function openHistory(dir: string): Promise<History> {
  const path = join(dir, "history.sqlite");
  const { DatabaseSync } = await import("node:sqlite");
  let database: DatabaseSync | null = null;
  try {
    await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
    // SQLite gives its journals the mode of the database, but makes the database readable by all.
    (await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 })).close();
    database = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: true });
    prepare(database, path);
    return new SqliteHistory(database, path);
  } catch (cause) {
    database?.close();
    throw explained("open", path, cause);
  }
}

function prepare(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  const tables = Number(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n);
  if (version > schemaVersion) {
    throw new HistoryError(
      `Cannot open the history ${path}: its schema is ${version} and this version of Plumb knows ${schemaVersion}; ` +
        "use the newer Plumb that wrote it, or move the file away to start a new history",
    );
  }
  if (version !== schemaVersion && tables > 0) {
    throw new HistoryError(
      `Cannot open the history ${path}: it is a database of something else; move the file away to start a new history`,
    );
  }
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  if (version !== schemaVersion) atOnce(database, () => database.exec(schema));
  const health = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
  if (health !== "ok") throw damaged("open", path, new Error(String(health)));
}

class SqliteHistory implements History {
  constructor(private readonly database: DatabaseSync, private readonly path: string) {}

  record(run: RunRecord, results: readonly Result[]): void {
    this.attempt("write", () =>
      atOnce(this.database, () => {
        this.database.prepare(
          "INSERT INTO runs (id, verb, started_at, ending, exit_code, duration_ms) VALUES (?, ?, ?, ?, ?, ?)",
        ).run(run.id, run.verb, run.startedAt, run.ending, run.exitCode, run.durationMs);
        this.insert(run.id, results);
        if (run.verb === "drift" && run.ending !== "interrupted") this.learn(results);
      }));
  }

  previous(): Previous | null {
    return this.attempt("read", () => {
      const last = this.database.prepare(`SELECT id FROM runs WHERE seq = (${newestDrift})`).get();
      if (!last) return null;
      const outcomes = new Map<ResultKey, Outcome>();
      for (const row of this.database.prepare("SELECT id, host, outcome FROM known").all()) {
        outcomes.set(resultKey({ id: String(row.id), host: String(row.host) }), row.outcome as Outcome);
      }
      return { run: String(last.id), outcomes };
    });
  }

  prune(keepRuns = 500): void {
    this.attempt("write", () =>
      this.database.prepare(
        "DELETE FROM runs WHERE seq NOT IN (SELECT seq FROM runs ORDER BY seq DESC LIMIT ?) " +
          `AND seq IS NOT (${newestDrift})`,
      ).run(keepRuns));
  }

  close(): void {
    if (this.database.isOpen) this.attempt("close", () => this.database.close());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private insert(run: string, results: readonly Result[]): void {
    const add = this.database.prepare(
      "INSERT INTO results (run, id, host, outcome, severity, attempts, seen_red, duration_ms, found) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for (const r of results) {
      add.run(run, r.id, r.host, r.outcome, r.severity, r.attempts, r.seenRed ? 1 : 0, r.durationMs, r.found);
    }
  }

  /** An interrupted run's looks are not final words, and what was not looked at says nothing. */
  private learn(results: readonly Result[]): void {
    const learn = this.database.prepare(
      "INSERT INTO known (id, host, outcome) VALUES (?, ?, ?) " +
        "ON CONFLICT (id, host) DO UPDATE SET outcome = excluded.outcome",
    );
    for (const { id, host, outcome } of results) {
      if (outcome !== "skipped" && outcome !== "blocked") learn.run(id, host, outcome);
    }
  }

  private attempt<T>(what: string, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw explained(what, this.path, cause);
    }
  }
}

/** Runs `work` as one transaction. */
function atOnce(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    // Some failures, a full disk among them, have already rolled back.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** SQLite's primary result codes for a malformed file and for a file that is no database: https://sqlite.org/rescode.html */
const malformed = [11, 26];

function explained(what: string, path: string, cause: unknown): HistoryError {
  if (cause instanceof HistoryError) return cause;
  if (malformed.includes(resultCode(cause))) return damaged(what, path, cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HistoryError(
    `Cannot ${what} the history ${path}: ${why}; check the file's owner and the space on its disk`,
    { cause },
  );
}

function damaged(what: string, path: string, cause: unknown): HistoryError {
  const why = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, " ");
  return new HistoryError(
    `Cannot ${what} the history ${path}: it is damaged (${why}); move it and its -wal and -shm files away to start a ` +
      "new history",
    { cause },
  );
}

function resultCode(cause: unknown): number {
  const code = (cause as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : 0;
}
