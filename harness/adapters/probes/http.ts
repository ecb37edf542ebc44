import { Buffer } from "node:buffer";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { HttpFacts } from "../../model/probe.ts";

/** Most of a body that is kept, in bytes. */
const mostBody = 256 * 1024;
const dayMs = 86_400_000;

/** GETs a URL without following redirects. Rejects where no answer came: refused, timed out, certificate not trusted. */
export function getHttp(url: string, ca: string | undefined, signal: AbortSignal): Promise<HttpFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpFacts>();
  const trusted = ca === undefined ? undefined : Deno.readTextFileSync(ca);
  const onResponse = (response: IncomingMessage) => {
    const tls = describeCertificate(response.socket as TLSSocket);
    const chunks: Uint8Array[] = [];
    let size = 0;
    response.on("data", (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= mostBody) chunks.push(chunk);
    });
    response.on("error", reject);
    response.on("end", () => {
      const headers = Object.fromEntries(Object.entries(response.headers).map(([k, v]) => [k, String(v)]));
      resolve({
        status: response.statusCode ?? 0,
        headers,
        body: new TextDecoder().decode(Buffer.concat(chunks)),
        ...tls,
      });
    });
  };
  const request = url.startsWith("https:")
    ? httpsRequest(url, { ca: trusted, signal, agent: false }, onResponse)
    : httpRequest(url, { signal, agent: false }, onResponse);
  request.on("error", reject);
  request.end();
  return promise;
}

function describeCertificate(socket: TLSSocket): Pick<HttpFacts, "tls"> {
  if (typeof socket.getPeerCertificate !== "function") return {};
  const certificate = socket.getPeerCertificate();
  if (!certificate?.valid_to) return {};
  const names = (certificate.subjectaltname ?? "").split(", ").map((name) => name.replace(/^(DNS|IP Address):/, ""));
  return {
    tls: {
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      daysLeft: Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMs),
      names: names.filter((name) => name !== ""),
    },
  };
}

function nameOf(subject: unknown): string {
  const { CN, O } = (subject ?? {}) as { CN?: string; O?: string };
  return CN ?? O ?? "";
}
