import { connect } from "node:net";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import type { ProbeSpec, TcpFacts, UdpFacts } from "../../model/probe.ts";
import { handshakeInitiation, isHandshakeResponse } from "./wireguard.ts";

/** How long a service that greets first, such as sshd, is given to do so, in milliseconds. */
const bannerMs = 200;

/** Whether a TCP port accepts a connection. Closed, refused and silent ports are facts, not errors. */
export function knockTcp(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<TcpFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<TcpFacts>();
  const socket = connect({ host: address, port });
  let open = false;
  const finish = (facts: TcpFacts) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    socket.destroy();
    resolve(facts);
  };
  const onAbort = () => {
    finish({ open, banner: "" });
    reject(signal.reason);
  };
  let timer = setTimeout(() => finish({ open, banner: "" }), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  socket.on("connect", () => {
    open = true;
    clearTimeout(timer);
    timer = setTimeout(() => finish({ open, banner: "" }), bannerMs);
  });
  socket.on("data", (data) => finish({ open: true, banner: data.toString().split(/\r?\n/)[0] }));
  socket.on("error", () => finish({ open, banner: "" }));
  return promise;
}

/** What greeting a WireGuard endpoint takes: its public key and a known peer's private key, both in base64. */
export interface Greeting {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Whether a WireGuard endpoint answers a handshake initiation. Asks again each second, as datagrams get lost. */
export function greetWireGuard(
  address: string,
  port: number,
  greeting: Greeting,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<UdpFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<UdpFacts>();
  const socket = createSocket("udp4");
  const senderIndex = crypto.getRandomValues(new Uint32Array(1))[0];
  const send = () => {
    const packet = handshakeInitiation(greeting, senderIndex, Date.now());
    socket.send(packet, port, address, (error) => error && finish(() => reject(error)));
  };
  const finish = (settle: () => void) => {
    clearInterval(again);
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    socket.removeAllListeners("message");
    try {
      socket.close();
    } catch (error) {
      if ((error as { code?: string }).code !== "ERR_SOCKET_DGRAM_NOT_RUNNING") throw error;
    }
    settle();
  };
  const onAbort = () => finish(() => reject(signal.reason));
  const again = setInterval(send, 1_000);
  const timer = setTimeout(() => finish(() => resolve({ answered: false })), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  socket.on("error", (error) => finish(() => reject(error)));
  socket.on("message", (message) => {
    if (isHandshakeResponse(message, senderIndex)) finish(() => resolve({ answered: true }));
  });
  send();
  return promise;
}

const absent = new Set(["ENOTFOUND", "ENODATA"]);

/** A name's records, sorted; none if the name or the type does not exist. Rejects if no server answered. */
export async function resolveDns(spec: Extract<ProbeSpec, { kind: "dns" }>): Promise<string[]> {
  const resolver = new Resolver({ timeout: Math.ceil(spec.timeoutMs / 2), tries: 2 });
  if (spec.server) resolver.setServers([spec.server]);
  try {
    const records = await resolver.resolve(spec.name, spec.type) as unknown[];
    return records.map((record) => inWords(spec.type, record)).sort();
  } catch (error) {
    if (absent.has((error as { code?: string }).code ?? "")) return [];
    throw error;
  }
}

function inWords(type: string, record: unknown): string {
  if (type === "TXT") return (record as string[]).join("");
  if (type !== "MX") return String(record);
  const { priority, exchange } = record as { priority: number; exchange: string };
  return `${priority} ${exchange}`;
}
