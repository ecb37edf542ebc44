import { request } from "node:https";
import type { Site } from "../../model/site.ts";

/** The Proxmox VE API answered with something other than 200. */
export class PveError extends Error {
  override readonly name = "PveError";
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

/** A client of a site's Proxmox VE API, with token authentication and the site's authority. */
export class PveClient {
  /** `secret` gives the API token's secret when it is first needed. */
  constructor(private readonly site: Site, private readonly secret: () => Promise<string>) {}

  /** Calls the API and resolves to the answer's `data`. @throws {PveError} on a status other than 200. */
  async call<T>(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    form: Record<string, string> | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    const { proxmox } = this.site;
    if (!proxmox) throw new Error("the site has no 'proxmox' section");
    const body = form && new URLSearchParams(form).toString();
    const headers = {
      authorization: `PVEAPIToken=${proxmox.token_id}=${await this.secret()}`,
      ...(body === undefined
        ? {}
        : { "content-type": "application/x-www-form-urlencoded", "content-length": String(body.length) }),
    };
    const ca = proxmox.ca === undefined ? undefined : await Deno.readTextFile(proxmox.ca);
    const url = `${proxmox.url}/api2/json${path}`;
    const { status, reason, text } = await send(url, { method, headers, ca, agent: false, signal }, body);
    if (status === 200) return (JSON.parse(text) as { data: T }).data;
    throw new PveError(`${method} ${path} answered ${status} ${detail(reason, text)}`.trim(), status);
  }
}

function detail(reason: string, text: string): string {
  try {
    const { errors } = JSON.parse(text) as { errors?: Record<string, string> };
    const faults = Object.entries(errors ?? {}).map(([key, why]) => `${key}: ${why.trim()}`);
    return faults.length ? `${reason} (${faults.join("; ")})` : reason;
  } catch (error) {
    if (error instanceof SyntaxError) return reason;
    throw error;
  }
}

function send(url: string, options: Parameters<typeof request>[1], body: string | undefined) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; reason: string; text: string }>();
  const sent = request(url, options, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => text += chunk);
    response.on("error", reject);
    response.on("aborted", () => reject(new Error("the server closed the connection in the middle of its answer")));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? "", text }));
  });
  sent.on("error", reject);
  if (body !== undefined) sent.write(body);
  sent.end();
  return promise;
}
