import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";

/** What came back of one request. */
export interface Response {
  readonly status: number;
  readonly body: string;
  /** Milliseconds that the server asks to be left alone, if it does. */
  readonly retryAfterMs: number | null;
}

/** Sends one GET. Rejects where no whole answer came: refused, cut, not trusted. */
export function get(url: string, options: RequestOptions, signal: AbortSignal): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const send = url.startsWith("http:") ? httpRequest : httpsRequest;
  const headers = { ...options.headers, accept: "application/json, */*", "user-agent": "plumb" };
  const sent = send(url, { ...options, headers, method: "GET", signal }, (response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => body += chunk);
    response.on("error", reject);
    response.on("aborted", () => reject(new Error("the connection was cut in the middle of the answer")));
    response.on("end", () => {
      const retryAfterMs = waitOf(response.headers["retry-after"], new Date());
      resolve({ status: response.statusCode ?? 0, body, retryAfterMs });
    });
  });
  sent.on("error", reject);
  sent.end();
  return promise;
}

/** Milliseconds that a `Retry-After` header stands for: it is either seconds or a date. */
export function waitOf(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now.getTime();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
