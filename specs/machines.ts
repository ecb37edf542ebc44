import { equal, include, match, oneOf, sameSet, succeed, unique, within } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { clockOffset, pve, sh } from "../harness/model/probe.ts";
import type { Host, Site } from "../harness/model/site.ts";
import preflight from "./preflight.ts";
import { heldPrivileges, neededPrivileges, type Permissions } from "./proxmox/privileges.ts";

/** Seconds that a machine's clock may be off. */
const clockTolerance = 2;
const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** One entry of `/cluster/resources?type=vm`. Sizes in bytes. */
interface Resource {
  readonly vmid: number;
  readonly name: string;
  readonly status: string;
  readonly template?: number;
  readonly maxcpu: number;
  readonly maxmem: number;
  readonly maxdisk: number;
}

/** A VM with the configuration that `each` added. */
interface ConfiguredVm extends Resource {
  readonly detail: { readonly ipconfig0?: string; readonly net0?: string };
}

const resources = () => pve<Resource[]>("/cluster/resources?type=vm");
const configured = (site: Site) =>
  pve<ConfiguredVm[]>("/cluster/resources?type=vm", { each: `/nodes/${site.proxmox!.node}/qemu/{vmid}/config` });

/** The host's VM in the list of all, or what stands for its absence. */
const own = (host: Host) => resources().map((all) => all.find((vm) => vm.vmid === host.vm!.id));

/** Undeclared VMs that claim an address of a declared host, as `name (id) claims address`. */
function usurpers(site: Site, all: readonly ConfiguredVm[]): string[] {
  const declared = new Map(site.hosts.map((host) => [host.address, host]));
  return all.flatMap((vm) => {
    const [, address = ""] = /(?:^|,)ip=([\d.]+)/.exec(vm.detail.ipconfig0 ?? "") ?? [];
    const owner = declared.get(address);
    return owner && owner.vm?.id !== vm.vmid ? [`${vm.name} (${vm.vmid}) claims ${address}`] : [];
  });
}

export default phase({
  title: "The declared virtual machines run, sized as declared",
  after: [preflight],
  skippedOn: (site) => site.proxmox ? null : "the site has no 'proxmox' section",
  asserts: {
    "api-answers": {
      title: "The Proxmox API answers and is version 9",
      severity: "critical",
      why: "No machine can be seen, made or mended without it; version 8 is out of support.",
      verify: pve<{ version: string }>("/version").map((v) => v.version).should(match(/^9\./, "9.x")),
      remedy: "See that the hypervisor is up, that pveproxy runs there, and that the token's secret is the right one.",
    },
    "token-sufficient": {
      title: "The API token may do what deployments need",
      severity: "critical",
      why: "A deployment would stop half-way with a machine cloned but not configured.",
      needs: ["api-answers"],
      verify: ({ proxmox }) =>
        pve<Permissions>("/access/permissions")
          .map((permissions) => heldPrivileges(permissions, proxmox!))
          .should(include(...neededPrivileges(proxmox!))),
      remedy: "Give the token's role the missing privileges, on / for the simplest (Datacenter > Permissions; " +
        "sites/example.yaml has the commands); mind privilege separation.",
    },
    "template-exists": {
      title: "The declared template exists",
      severity: "critical",
      why: "New and replaced machines are cloned from it.",
      needs: ["api-answers"],
      verify: ({ proxmox }) =>
        resources().map((all) => {
          const vm = all.find(({ vmid }) => vmid === proxmox!.template.id);
          return vm ? `${vm.template ? "template" : "VM"} ${vm.name}` : "absent";
        }).should(equal(`template ${proxmox!.template.name}`)),
      remedy: "Run `deno task up --phase machines`; if another VM has the id, choose a free one in the site file.",
    },
    "vm-exists": {
      title: "The machine exists under its declared id and name",
      severity: "critical",
      why: "Everything that is to run on it has no place.",
      on: "vm",
      needs: ["api-answers"],
      verify: (_, host) => own(host).map((vm) => vm?.name ?? "absent").should(equal(host.name)),
      remedy: "Run `deno task up --phase machines`; if another VM has the id, choose a free one in the site file.",
    },
    "vm-cores": {
      title: "The machine has its declared cores",
      severity: "major",
      why: "Kubernetes places pods by what the machine says it has.",
      on: "vm",
      needs: ["vm-exists"],
      verify: (_, host) => own(host).map((vm) => vm?.maxcpu ?? 0).should(equal(host.vm!.cores)),
      remedy: "Run `deno task up --phase machines`, which sets them and restarts the machine.",
    },
    "vm-memory": {
      title: "The machine has its declared memory (MiB)",
      severity: "major",
      why: "With less, pods are evicted under load; with more, others on the hypervisor starve.",
      on: "vm",
      needs: ["vm-exists"],
      verify: (_, host) => own(host).map((vm) => (vm?.maxmem ?? 0) / mebibyte).should(equal(host.vm!.memory)),
      remedy: "Run `deno task up --phase machines`, which sets it and restarts the machine.",
    },
    "vm-disk": {
      title: "The machine has its declared disk (GiB)",
      severity: "major",
      why: "A disk that is too small fills with images and logs, and the node drops out.",
      on: "vm",
      needs: ["vm-exists"],
      verify: (_, host) => own(host).map((vm) => (vm?.maxdisk ?? 0) / gibibyte).should(equal(host.vm!.disk)),
      remedy:
        "Run `deno task up --phase machines`, which grows it; a disk is never shrunk, so declare what it has instead.",
    },
    "vm-bridge": {
      title: "The machine hangs on the declared bridge",
      severity: "major",
      why: "On another bridge it is in another network, or in none.",
      on: "vm",
      needs: ["vm-exists"],
      verify: (site, host) =>
        configured(site)
          .map((all) =>
            /bridge=(\w+)/.exec(all.find((vm) => vm.vmid === host.vm!.id)?.detail.net0 ?? "")?.[1] ?? "none"
          )
          .should(equal(site.proxmox!.bridge)),
      remedy: "Run `deno task up --phase machines`.",
    },
    "address-exclusive": {
      title: "No undeclared VM claims a declared address",
      severity: "critical",
      why: "Two machines with one address take turns in answering; every later check would be a coin toss.",
      needs: ["api-answers"],
      verify: (site) => configured(site).map((all) => usurpers(site, all)).should(sameSet([])),
      remedy: "Stop that VM or change its address; Plumb never touches what the site does not declare.",
    },
    "vm-running": {
      title: "The machine runs",
      severity: "critical",
      why: "Nothing on it can be reached.",
      on: "vm",
      needs: ["vm-exists"],
      verify: (_, host) => own(host).map((vm) => vm?.status ?? "absent").should(equal("running")),
      remedy: "Run `deno task up --phase machines`, which starts it; then see on the hypervisor why it stopped.",
    },
    "ssh-answers": {
      title: "The machine answers SSH with its pinned host key",
      severity: "critical",
      why: "It can neither be looked at nor deployed to; with another key somebody else may be answering.",
      on: "vm",
      needs: ["vm-running"],
      within: "60s",
      verify: sh("true").should(succeed()),
      remedy: "Run `deno task up --phase machines`, which pins the key that the hypervisor's guest agent reads.",
    },
    "hostname-own": {
      title: "The machine calls itself by its declared name",
      severity: "major",
      why: "Kubernetes names its nodes after it, and two nodes with one name replace each other.",
      on: "vm",
      needs: ["ssh-answers"],
      verify: (_, host) => sh("hostname").should(equal(host.name)),
      remedy: "Run `deno task up --phase machines`.",
    },
    "machine-id-unique": {
      title: "No two machines share a machine id",
      severity: "major",
      why: "Clones with one id get one DHCP lease and one network identity; CNI plugins mix them up.",
      on: "vm",
      needs: ["ssh-answers"],
      verify: sh("cat /etc/machine-id").across(unique()),
      remedy: "Run `deno task up --phase machines`, which gives the later one a new id and restarts it.",
    },
    "clock-true": {
      title: "The machine's clock agrees with the runner's",
      severity: "major",
      why: "etcd elections, certificates, tokens and log order all rest on it.",
      on: "vm",
      needs: ["ssh-answers"],
      verify: clockOffset().should(within(clockTolerance, " s")),
      remedy: "Run `deno task up --phase machines`; if it returns, see the hypervisor's own clock and NTP.",
      onFail: ["timedatectl status", "date --iso-8601=ns"],
    },
    "system-sound": {
      title: "systemd has no failed unit",
      severity: "minor",
      why: "A unit that failed at boot is a service that somebody expects.",
      on: "vm",
      needs: ["ssh-answers"],
      verify: sh("systemctl is-system-running || systemctl --failed --no-legend --plain").should(oneOf("running")),
      remedy: "See `systemctl --failed` on the machine.",
    },
  },
});
