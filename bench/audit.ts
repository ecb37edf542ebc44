/** What an API server's audit log says of one request; only what is used here. */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly apiGroup?: string;
    readonly apiVersion?: string;
  };
  /** When the API server got it. */
  readonly requestReceivedTimestamp: string;
}

/** A time from which and up to which requests are counted, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Reads a log of one JSON event per line. A last line that is still being written is left out. */
export function readAudit(text: string): AuditEvent[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as AuditEvent);
}

/** The requests of a client, whose name its user agent begins with, within a span. */
export function requestsOf(events: readonly AuditEvent[], client: string, { from, to }: Span): AuditEvent[] {
  return events.filter(({ userAgent, requestReceivedTimestamp }) => {
    const at = Date.parse(requestReceivedTimestamp);
    return (userAgent ?? "").startsWith(client) && at >= from && at <= to;
  });
}

/** How many lists were asked for, by kind such as `apps/v1/deployments`. Further pages of a list are part of it. */
export function listsPerKind(events: readonly AuditEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { verb, requestURI, objectRef } of events) {
    if (verb !== "list" || /[?&]continue=[^&]/.test(requestURI)) continue;
    const { apiGroup, apiVersion, resource } = objectRef ?? {};
    const kind = [apiGroup, apiVersion, resource].filter((part) => part).join("/");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
