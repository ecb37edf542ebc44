import assert from "node:assert/strict";
import { parse } from "yaml";
import { type SiteFile, siteSchema } from "../../../sites/schema.ts";
import { kubernetesAbsences, kubernetesConflicts } from "./rules_kubernetes.ts";
import type { Draft } from "./shape.ts";
import { validSite } from "./testdata.ts";

type Section = NonNullable<SiteFile["kubernetes"]>;

const site = siteSchema.parse(parse(validSite));

/** What is said of the valid site with a change of its `kubernetes` section. */
function conflicts(change: Partial<Section>, hosts = site.hosts): string[] {
  const changed = { ...site, hosts, kubernetes: { ...site.kubernetes!, ...change } };
  return [...kubernetesConflicts(changed)].map(({ path, message }) => `${path.join(".")}: ${message}`);
}

function kubespray(vars: Record<string, unknown>): Section["kubespray"] {
  return { ...site.kubernetes!.kubespray, vars };
}

Deno.test("the valid site and networks side by side conflict with nothing", () => {
  assert.deepEqual(conflicts({}), []);
  assert.deepEqual(conflicts({ pod_cidr: "10.96.0.0/17", service_cidr: "10.96.128.0/17" }), []);
});

Deno.test("a site without the section, or with next to nothing in it, conflicts with nothing", () => {
  assert.deepEqual([...kubernetesConflicts({ ...site, kubernetes: undefined })], []);
  assert.deepEqual([...kubernetesConflicts({ kubernetes: { cni: {} } } as Draft<SiteFile>)], []);
  assert.deepEqual([...kubernetesAbsences({ ...site, kubernetes: undefined })], []);
});

Deno.test("each network is held against each other one", () => {
  const said = conflicts({ pod_cidr: "10.88.0.0/16", service_cidr: "10.88.0.0/16" });
  assert.equal(said.length, 3);
  assert.match(said[0], /^kubernetes\.pod_cidr: .* overlaps vpn\.network 10\.88\.0\.0\/24;/);
  assert.match(said[1], /^kubernetes\.service_cidr: .* overlaps kubernetes\.pod_cidr 10\.88\.0\.0\/16;/);
  assert.match(said[2], /^kubernetes\.service_cidr: .* overlaps vpn\.network/);
});

Deno.test("the pods' network has room for exactly as many nodes as it has networks of /24", () => {
  const host = site.hosts.worker;
  const third = { ...site.hosts, third: { ...host, address: "192.0.2.12" } };
  assert.deepEqual(conflicts({ pod_cidr: "10.244.0.0/23" }), []);
  assert.match(conflicts({ pod_cidr: "10.244.0.0/23" }, third)[0], /holds 2 of .* 3 hosts .* at most 22$/);
  assert.match(conflicts({ pod_cidr: "10.244.0.0/25" })[0], /holds 0 of .* at most 23$/);
});

Deno.test("a version belongs to what its provisioner can install", () => {
  const provisioned = (provisioner: Section["provisioner"], version: string) => conflicts({ provisioner, version });
  for (const version of ["1.33.0", "1.34.3", "1.35.4"]) assert.deepEqual(provisioned("kubespray", version), []);
  for (const version of ["1.34.3", "1.35.4"]) assert.deepEqual(provisioned("kubeadm", version), []);
  assert.match(
    provisioned("kubespray", "1.3.5")[0],
    /none that kubespray v2\.31\.0 can install; .*1\.33, 1\.34, 1\.35$/,
  );
  assert.match(provisioned("kubeadm", "1.36.0")[0], /none that the provisioner kubeadm can install; .*1\.34, 1\.35$/);
});

Deno.test("volumes lie in no folder that a reset empties, nor on the root itself", () => {
  const stored = (path: string) => conflicts({ storage: { ...site.kubernetes!.storage, path } });
  for (const path of ["/etcetera", "/var/lib/etcd-volumes", "/srv/volumes/"]) assert.deepEqual(stored(path), [], path);
  for (const path of ["/", "/etc/", "/var/lib/etcd/volumes", "/var/lib/containerd"]) {
    assert.match(stored(path)[0] ?? "", /^kubernetes\.storage\.path: .* no place for volumes; choose a folder/, path);
  }
});

Deno.test("kubespray's variables are judged only where kubespray is", () => {
  const change = { kubespray: kubespray({ helm_enabled: "no", cloud_provider: "aws" }) };
  const said = conflicts(change);
  assert.deepEqual(said.map((line) => line.split(":")[0]), [
    "kubernetes.kubespray.vars.helm_enabled",
    "kubernetes.kubespray.vars.cloud_provider",
  ]);
  assert.deepEqual(conflicts({ ...change, provisioner: "kubeadm" }), []);
});

Deno.test("a template is refused at every depth of a variable", () => {
  assert.match(
    conflicts({ kubespray: kubespray({ additional_sysctl: [{ name: "{{ name }}" }] }) })[0],
    /^kubernetes\.kubespray\.vars\.additional_sysctl: .* holds a template; write the value out$/,
  );
});

Deno.test("kubeadm makes one control plane with etcd on it, and kube-router; kubespray what is declared", () => {
  const { master, worker } = site.hosts;
  const plane = (...roles: typeof worker.roles) => ({ ...worker, roles: ["kube_node" as const, ...roles] });
  const said = (provisioner: Section["provisioner"], hosts: typeof site.hosts, plugin: Section["cni"]["plugin"]) => {
    const kubernetes = { ...site.kubernetes!, provisioner, cni: { ...site.kubernetes!.cni, plugin } };
    const changed = { ...site, hosts, kubernetes };
    return [...kubernetesConflicts(changed), ...kubernetesAbsences(changed)].map(({ path }) => path.join("."));
  };
  const hosts = { ...site.hosts, worker: plane("kube_control_plane", "etcd"), third: plane("etcd") };
  assert.deepEqual(said("kubeadm", site.hosts, "kube-router"), []);
  assert.deepEqual(said("kubespray", hosts, "calico"), []);
  assert.deepEqual(said("kubeadm", hosts, "calico"), [
    "kubernetes.cni.plugin",
    "kubernetes.provisioner",
    "kubernetes.provisioner",
  ]);
  const apart = { ...site.hosts, master: { ...master, roles: ["kube_control_plane" as const] }, worker: plane("etcd") };
  assert.deepEqual(said("kubeadm", apart, "kube-router"), ["kubernetes.provisioner"]);
});

Deno.test("etcd is not called astray, nor a plugin the wrong one, where the file's shape is wrong", () => {
  const { master } = site.hosts;
  const hosts = { master: { ...master, roles: [undefined, "etcd" as const] } };
  const draft = { hosts, kubernetes: { provisioner: "kubeadm", cni: {} } } as Draft<SiteFile>;
  assert.deepEqual([...kubernetesConflicts(draft)], []);
});
