import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import type { Kubernetes, Site } from "../../model/site.ts";
import type { KubernetesFile, SiteFile } from "../../../sites/schema.ts";
import { projectRoot } from "../project.ts";
import { ownServices } from "../registry/own.ts";
import { readText, SiteError } from "./error.ts";
import { describeInventory } from "./inventory.ts";
import { readPublicKeys } from "./public_keys.ts";
import { checkRules } from "./rules.ts";
import { shape } from "./shape.ts";
import { parseSource } from "./source.ts";

export { type Problem, renderProblem, SiteError } from "./error.ts";

/** A path of the site file: relative to the file's folder, `~/` is the home folder. */
function resolvePath(folder: string, path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(folder, path);
}

/** The section with its paths resolved; a kubespray source may be a URL, which stays as it is. */
function resolveKubernetes(site: string, section: KubernetesFile, folder: string): Kubernetes {
  const { kubeconfig = join(projectRoot, ".state", site, "kubeconfig"), kubespray } = section;
  const source = isUrl(kubespray.source) ? kubespray.source : resolvePath(folder, kubespray.source);
  return { ...section, kubeconfig: resolvePath(folder, kubeconfig), kubespray: { ...kubespray, source } };
}

/** True for what git clones from afar: `scheme://...`, or `USER@HOST:PATH`. */
function isUrl(source: string): boolean {
  return /^([a-z][a-z+]*:\/\/|[^/]+@[^/]+:)/.test(source);
}

function resolvePaths(
  file: SiteFile,
  folder: string,
): Omit<SiteFile, "hosts" | "kubernetes"> & Pick<Site, "kubernetes"> {
  const at = (path: string) => resolvePath(folder, path);
  const { hosts: _, kubernetes, ...rest } = file;
  return {
    ...rest,
    ssh: { ...file.ssh, key: at(file.ssh.key), known_hosts: at(file.ssh.known_hosts) },
    secrets: { file: at(file.secrets.file), age_key: at(file.secrets.age_key) },
    ...(file.waivers && { waivers: at(file.waivers) }),
    ...(kubernetes && { kubernetes: resolveKubernetes(file.name, kubernetes, folder) }),
    ...(file.proxmox && { proxmox: { ...file.proxmox, ...(file.proxmox.ca && { ca: at(file.proxmox.ca) }) } }),
  };
}

/** A validated site file, paths not yet resolved, and where it lies. */
interface ReadFile {
  readonly absolute: string;
  readonly file: SiteFile;
}

/**
 * Reads and validates a site file, and nothing that it names.
 * @throws {SiteError} with everything that is wrong, each with its line and what to do.
 */
export async function readSiteFile(path: string): Promise<ReadFile> {
  const absolute = resolve(path);
  const start = "start from sites/example.yaml";
  const source = parseSource(absolute, await readText(absolute, `name a site file, or ${start}`), start);
  const shaped = shape(source.data);
  const findings = [...shaped.findings, ...checkRules(shaped)];
  const problems = [...source.problems, ...findings.map(source.locate)]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (problems.length || !shaped.site) throw new SiteError(problems);
  return { absolute, file: shaped.site };
}

/**
 * Reads and validates a site file and the clear part of its secrets file. Nothing is decrypted, no host is touched.
 * @throws {SiteError} as {@linkcode readSiteFile}, or because the secrets file cannot be read.
 */
export async function loadSite(path: string): Promise<Site> {
  const { absolute, file } = await readSiteFile(path);
  const resolved = resolvePaths(file, dirname(absolute));
  const site = {
    ...resolved,
    path: absolute.startsWith(`${projectRoot}/`) ? relative(projectRoot, absolute) : absolute,
    hosts: Object.entries(file.hosts).map(([name, host]) => ({ ...host, name, user: host.user ?? file.ssh.user })),
    publicKeys: await readPublicKeys(resolved.secrets.file),
    services: await ownServices(),
  };
  return { ...site, inventory: describeInventory(site) };
}
