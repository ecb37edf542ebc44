import { X509Certificate } from "node:crypto";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { KubeError } from "./error.ts";

/** Where a cluster's API server is, and what to come to it with. */
export interface Access {
  readonly server: string;
  /** The kubeconfig's name of the user. */
  readonly user: string;
  /** TLS and authentication of one request. */
  options(): Promise<RequestOptions>;
}

/** A kubeconfig file, read again whenever it has changed: a step may have put another one in its place. */
export class KubeConfigFile {
  #read: { text: string; access: Promise<Access> } | null = null;

  constructor(readonly path: string) {}

  /** @throws {KubeError} if there is none yet, or it says nothing of use. */
  async access(): Promise<Access> {
    const text = await this.#text();
    if (this.#read?.text !== text) this.#read = { text, access: this.#parse() };
    return await this.#read.access;
  }

  async #text(): Promise<string> {
    try {
      return await Deno.readTextFile(this.path);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) {
        throw new KubeError(`${this.path} cannot be read: ${(cause as Error).message}`, true, { cause });
      }
      throw new KubeError(
        `there is no kubeconfig at ${this.path} yet: the deployment of the cluster puts it there`,
        false,
        {
          cause,
        },
      );
    }
  }

  async #parse(): Promise<Access> {
    const { KubeConfig } = await import("@kubernetes/client-node"); // takes some 400 ms
    const config = new KubeConfig();
    try {
      config.loadFromFile(this.path);
    } catch (cause) {
      throw new KubeError(`${this.path} is no kubeconfig: ${(cause as Error).message}`, true, { cause });
    }
    const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
    if (!cluster?.server || !user) {
      throw new KubeError(`${this.path} has no current context with a cluster and a user`, true);
    }
    return { server: cluster.server.replace(/\/$/, ""), user: user.name, options: () => optionsOf(config, this.path) };
  }
}

async function optionsOf(config: KubeConfig, path: string): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
    // The library keeps the agent, and with it certificates that their files may no longer hold; a proxy needs its own.
    return config.getCurrentCluster()?.proxyUrl ? options : { ...options, agent: false };
  } catch (cause) {
    throw new KubeError(`the credentials in ${path} cannot be had: ${(cause as Error).message}`, true, { cause });
  }
}

/** What is wrong with the client certificate of a request by its dates; empty if nothing is, or there is none. */
export function certificateFault({ cert }: RequestOptions, now: Date = new Date()): string {
  if (cert === undefined) return "";
  const { validFrom, validTo } = new X509Certificate(cert as string);
  if (now > new Date(validTo)) return `its certificate expired on ${new Date(validTo).toISOString().slice(0, 10)}`;
  if (now < new Date(validFrom)) return `its certificate is valid only from ${new Date(validFrom).toISOString()}`;
  return "";
}
