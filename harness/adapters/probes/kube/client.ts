import type { RequestOptions } from "node:https";
import { type KubeObject, resourceName } from "../../../model/kube.ts";
import type { KubeAnswer } from "../../../model/probe.ts";
import { KubeError } from "./error.ts";
import { type Access, certificateFault, type KubeConfigFile } from "./kubeconfig.ts";
import { Patience } from "./patience.ts";
import { get, type Response } from "./request.ts";

/** Objects in one answer; longer lists come in pieces. What kubectl asks for. */
const pageSize = 500;
/** Times that a list is started over because the server forgot its beginning. */
const mostRestarts = 3;
/** Pause before a refusal is believed: a server that starts has not read its own roles yet. */
const doubtMs = 1_000;

/** What narrows a list down on the server. */
export interface ListQuery {
  readonly namespace?: string;
  readonly selector?: string;
  readonly fields?: string;
}

/**
 * Reads from a cluster's API server. The kubeconfig is client-node's to read and to authenticate with, exec plugins and
 * proxies included; requests are Node's own: client-node's generated API has no call for a resource given by its name,
 * and says neither which certificate failed nor how long the server wants to be left alone.
 */
export class KubeClient {
  constructor(private readonly config: KubeConfigFile) {}

  /** All objects of a resource, page by page. @throws {KubeError} */
  async list(resource: string, query: ListQuery, timeoutMs: number, signal: AbortSignal): Promise<KubeObject[]> {
    const patience = new Patience(timeoutMs);
    for (let start = 0; start <= mostRestarts; start++) {
      const objects = await this.#pages(resource, query, patience, signal);
      if (objects) return objects;
    }
    throw new KubeError(
      `the API server forgot the beginning of the list of ${resource} ${mostRestarts + 1} times`,
      false,
    );
  }

  /** What a path answers. Health checks that fail are answers; elsewhere a server's failure is not. @throws {KubeError} */
  async get(path: string, timeoutMs: number, signal: AbortSignal): Promise<KubeAnswer> {
    const isHealth = /^\/(readyz|livez|healthz)\b/.test(path);
    const { status, body } = await this.#ask(path, new Patience(timeoutMs), signal, isHealth);
    if (status === 404) throw new KubeError(`the API server has no ${path}`, true);
    if (status >= 400 && !isHealth) throw new KubeError(`${path} answered ${status} ${messageOf(body)}`.trim(), true);
    return { status, body };
  }

  /** Null if the list has to be started over: its continuation was too old for the server. */
  async #pages(
    resource: string,
    query: ListQuery,
    patience: Patience,
    signal: AbortSignal,
  ): Promise<KubeObject[] | null> {
    const objects: KubeObject[] = [];
    let next = "";
    do {
      const { status, body } = await this.#ask(listPath(resource, query, next), patience, signal);
      if (status === 410 && next) return null;
      if (status === 404) throw unknownKind(resource);
      if (status !== 200) throw new KubeError(`the list of ${resource} answered ${status} ${messageOf(body)}`, true);
      const page = JSON.parse(body) as { items?: KubeObject[]; metadata?: { continue?: string } };
      if (!Array.isArray(page.items)) throw new KubeError(`the list of ${resource} is no list`, true);
      objects.push(...page.items);
      next = page.metadata?.continue ?? "";
    } while (next);
    return objects;
  }

  /** Asks until there is an answer that is worth having, as long as the time lasts. */
  async #ask(path: string, patience: Patience, signal: AbortSignal, takesFailure = false): Promise<Response> {
    const access = await this.config.access();
    for (let doubted = false;;) {
      const options = await access.options();
      const got = await attempt(`${access.server}${path}`, options, patience.limit(signal));
      signal.throwIfAborted();
      if (got instanceof Error) {
        const fault = certificateTrouble(got, access, options, this.config.path);
        if (fault) throw fault;
        const again = isRefusal(got) ? patience.mayBeRefusedAgain() : true;
        if (again && await patience.pause(null, signal)) continue;
        throw new KubeError(`no answer from ${access.server}: ${got.message}`, false, { cause: got });
      }
      if (got.status === 401) throw unknownUser(got, access, options, this.config.path);
      if (got.status === 403) {
        if (!doubted && await patience.pause(doubtMs, signal)) {
          doubted = true;
          continue;
        }
        throw new KubeError(`the API server refuses: ${messageOf(got.body)}`, true);
      }
      const isBusy = got.status === 429 || (got.status >= 500 && !takesFailure);
      if (!isBusy) return got;
      if (await patience.pause(got.retryAfterMs, signal)) continue;
      throw new KubeError(`${path} answered ${got.status} ${messageOf(got.body)}`.trim(), false);
    }
  }
}

async function attempt(url: string, options: RequestOptions, limit: AbortSignal): Promise<Response | Error> {
  try {
    return await get(url, options, limit);
  } catch (error) {
    if (limit.aborted) return new Error("it took too long");
    return error as Error;
  }
}

function listPath(resource: string, { namespace, selector, fields }: ListQuery, next: string): string {
  const { group, version, plural } = resourceName(resource);
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const query = new URLSearchParams({
    ...(selector && { labelSelector: selector }),
    ...(fields && { fieldSelector: fields }),
    limit: String(pageSize),
    ...(next && { continue: next }),
  });
  return `${root}${namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ""}/${plural}?${query}`;
}

/** The message of a `Status` object; other answers in short. */
function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: string };
    return message ?? "";
  } catch (error) {
    if (error instanceof SyntaxError) return body.trim().slice(0, 200);
    throw error;
  }
}

/** Groups that an API server itself serves under names like a CRD's. */
const builtIn = new Set(
  ("admissionregistration apiextensions apiregistration authentication authorization certificates coordination discovery " +
    "events flowcontrol.apiserver internal.apiserver networking node rbac.authorization resource scheduling storage")
    .split(" ").map((group) => `${group}.k8s.io`),
);

function unknownKind(resource: string): KubeError {
  const { group } = resourceName(resource);
  const why = group.includes(".") && !builtIn.has(group)
    ? "its CRD is not installed"
    : "the name is misspelt, or this version serves it under another one";
  return new KubeError(`the API server knows no ${resource}: ${why}`, true);
}

function isRefusal(error: Error): boolean {
  return ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"].includes(
    (error as NodeJS.ErrnoException).code ?? "",
  );
}

const untrusted = /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** The words for trouble with certificates, the server's or ours; null if that is not the trouble. */
function certificateTrouble(error: Error, access: Access, options: RequestOptions, path: string): KubeError | null {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (untrusted.test(code)) {
    const why = `the certificate of ${access.server} is not one that ${path} trusts: ${error.message}`;
    return new KubeError(why, true, { cause: error });
  }
  const own = code.startsWith("ERR_SSL") ? certificateFault(options) : "";
  return own ? new KubeError(`the user '${access.user}' of ${path} is refused: ${own}`, true, { cause: error }) : null;
}

function unknownUser({ body }: Response, access: Access, options: RequestOptions, path: string): KubeError {
  const own = certificateFault(options);
  return new KubeError(
    `the API server does not know the user '${access.user}' of ${path}: ${own || messageOf(body) || "Unauthorized"}`,
    true,
  );
}
