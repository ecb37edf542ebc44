import { isClusterWide, resourceName } from "./kube.ts";
import type { ProbeSpec } from "./probe.ts";
import type { Host, Site } from "./site.ts";

/** Quotes a word for a POSIX shell, only where it must be, in the style that reads best. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (word.includes("'") && !/["$`\\!]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** True if the command is one program with its arguments: nothing for a shell to interpret outside quotes. */
function isPlain(command: string): boolean {
  return !/[|&;<>()$`\\"*?[#~\n]/.test(command.replaceAll(/'[^']*'/g, "")) && !/^(cd|test|echo) /.test(command);
}

/** The shell command that a `sh`, `lines` or `file` probe runs where it looks. */
export function commandOf(probe: ProbeSpec): string {
  switch (probe.kind) {
    case "sh":
    case "lines":
      return probe.command;
    case "file":
      return `stat -c '%F|%U|%G|%a|%s' ${quote(probe.path)}`;
    default:
      throw new TypeError(`Cannot run a ${probe.kind} probe in a shell: it is asked from the runner`);
  }
}

/** The ssh command that runs `command` on a host as root, with the site's key and its pinned host keys. */
export function sshCommand(site: Site, host: Host, command: string): string {
  const options = [
    "-i",
    quote(site.ssh.key),
    "-o",
    quote(`UserKnownHostsFile=${site.ssh.known_hosts}`),
    ...(site.ssh.port === 22 ? [] : ["-p", String(site.ssh.port)]),
  ];
  const remote = host.user === "root" ? command : `sudo ${isPlain(command) ? command : `sh -c ${quote(command)}`}`;
  return `ssh ${options.join(" ")} ${host.user}@${host.address} ${quote(remote)}`;
}

/**
 * The probe as a person types it to see the same. A `pve` probe expects the API token's secret in `$PVE_TOKEN_SECRET`;
 * a `udp` greeting needs a WireGuard key, which `deno task greet` takes from the site's secrets.
 */
export function renderProbe(site: Site, probe: ProbeSpec, host: Host | null): string {
  switch (probe.kind) {
    case "sh":
    case "lines":
    case "file":
      return host ? sshCommand(site, host, commandOf(probe)) : commandOf(probe);
    case "http":
      return `curl -sS -i ${probe.ca ? `--cacert ${quote(probe.ca)} ` : ""}${quote(probe.url)}`;
    case "tcp":
      return `nc -z -v -w 5 ${probe.address} ${probe.port}`;
    case "udp":
      return `deno task greet --site ${quote(site.path)} ${probe.address} ${probe.port}`;
    case "dns":
      return `dig +short ${quote(probe.name)} ${probe.type}${probe.server ? ` @${probe.server}` : ""}`;
    case "pve":
      return renderPve(site, probe.path, probe.each);
    case "kube":
      return renderKube(site, probe);
    case "kube-get":
      return kubectl(site, "get", "--raw", probe.path);
    case "helm":
      return `deno run -A harness/adapters/charts/main.ts ${quote(site.path)}${
        probe.service ? ` ${probe.service}` : ""
      }`;
  }
}

function renderPve(site: Site, path: string, each: string | undefined): string {
  const { url, token_id, ca } = site.proxmox ??
    { url: "https://PROXMOX:8006", token_id: "USER@REALM!ID", ca: undefined };
  const trust = ca ? `--cacert ${quote(ca)} ` : "";
  const header = `"Authorization: PVEAPIToken=${token_id}=$PVE_TOKEN_SECRET"`;
  const get = (to: string) => `curl -sS --fail-with-body ${trust}-H ${header} "${url}/api2/json${to}"`;
  if (each === undefined) return get(path);
  return `${get(path)} | grep -o '"vmid":[0-9]*' | cut -d: -f2 | while read id; do ${
    get(each.replace("{vmid}", "$id"))
  }; done`;
}

/** A kubectl command against the site's cluster; arguments are quoted where they must be. */
export function kubectl(site: Pick<Site, "kubernetes">, ...args: readonly string[]): string {
  return ["kubectl", "--kubeconfig", site.kubernetes?.kubeconfig ?? "KUBECONFIG", ...args].map(quote).join(" ");
}

function renderKube(site: Site, probe: Extract<ProbeSpec, { kind: "kube" }>): string {
  const name = resourceName(probe.resource);
  const scope = probe.namespace !== undefined ? ["-n", probe.namespace] : isClusterWide(name) ? [] : ["-A"];
  return kubectl(
    site,
    "get",
    name.group ? `${name.plural}.${name.group}` : name.plural,
    ...scope,
    ...(probe.selector ? ["-l", probe.selector] : []),
    ...(probe.fields ? ["--field-selector", probe.fields] : []),
    "-o",
    probe.show ?? "wide",
  );
}
