import type { AddressInfo } from "node:net";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { KubeClient } from "./client.ts";
import { KubeConfigFile } from "./kubeconfig.ts";

/** What the API says to a request; `hang` never answers, `cut` breaks off in the middle. */
export type Said =
  | { status?: number; headers?: Record<string, string>; body: unknown }
  | "hang"
  | "cut";

/** Decides what to say to the n-th request, counted from 1. */
export type Script = (url: URL, n: number, user: string) => Said;

async function openssl(folder: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder }).output();
  if (!success) throw new Error(`Cannot make a certificate: ${new TextDecoder().decode(stderr)}; install openssl`);
}

/** An authority, a server's certificate for 127.0.0.1 and a user's, as `<name>.pem` and `<name>.key` in a folder. */
export async function makeCertificates(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "plumb-kube-" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
  const sign = (name: string, days: string) =>
    openssl(
      folder,
      ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-days", days],
      ...["-extfile", "names", "-out", `${name}.pem`],
    );
  await Deno.writeTextFile(`${folder}/names`, "subjectAltName=IP:127.0.0.1\n");
  await openssl(folder, "req", "-x509", ...key, "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem");
  for (const [name, days] of [["server", "2"], ["ops", "2"], ["late", "-1"]]) {
    await openssl(folder, "req", ...key, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    await sign(name, days);
  }
  return folder;
}

/** An API server on the loopback that says what a test wants, and a client of it. */
export class FakeApi implements AsyncDisposable {
  readonly asked: URL[] = [];
  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly folder: string,
    readonly url: string,
  ) {}

  static async start(folder: string, script: Script): Promise<FakeApi> {
    const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
    const server = createServer({
      cert: read("server.pem"),
      key: read("server.key"),
      ca: read("ca.pem"),
      requestCert: true,
      rejectUnauthorized: false,
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const api = new FakeApi(server, folder, url);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const asked = new URL(request.url!, url);
      api.asked.push(asked);
      const user = (request.socket as TLSSocket).getPeerCertificate()?.subject?.CN as string | undefined;
      say(response, script(asked, api.asked.length, user ?? ""));
    });
    return api;
  }

  /** A kubeconfig for a user; `changes` are made to its text. */
  async kubeconfig({ user = "ops", ca = "ca.pem", server = this.url } = {}): Promise<string> {
    const path = await Deno.makeTempFile({ dir: this.folder, suffix: ".kubeconfig" });
    const text = `apiVersion: v1
kind: Config
current-context: lab
contexts: [{ name: lab, context: { cluster: lab, user: ${user} } }]
clusters: [{ name: lab, cluster: { server: "${server}", certificate-authority: ${this.folder}/${ca} } }]
users: [{ name: ${user}, user: { client-certificate: ${this.folder}/${user}.pem, client-key: ${this.folder}/${user}.key } }]
`;
    await Deno.writeTextFile(path, text);
    return path;
  }

  /** A client with that kubeconfig. */
  async client(changes?: Parameters<FakeApi["kubeconfig"]>[0]): Promise<KubeClient> {
    return new KubeClient(new KubeConfigFile(await this.kubeconfig(changes)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function say(response: ServerResponse, said: Said): void {
  if (said === "hang") return;
  if (said === "cut") {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"items": [');
    setTimeout(() => response.destroy(), 20);
    return;
  }
  response.writeHead(said.status ?? 200, { "content-type": "application/json", ...said.headers });
  response.end(typeof said.body === "string" ? said.body : JSON.stringify(said.body));
}

/** A list of objects with these names, to be continued if `next` is given. */
export function page(names: readonly string[], next?: string): Said {
  const items = names.map((name) => ({ metadata: { name, namespace: "one" } }));
  return { body: { kind: "PodList", metadata: { ...(next && { continue: next }) }, items } };
}

/** A failure as the API says it. */
export function status(code: number, message: string, headers: Record<string, string> = {}): Said {
  return { status: code, headers, body: { kind: "Status", status: "Failure", message, code } };
}
