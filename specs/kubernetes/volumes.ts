import type { ConfigMap, PersistentVolumeClaim, StorageClass } from "../../harness/model/kube.ts";
import { equal, sameSet } from "../../harness/model/matcher.ts";
import type { Assertion } from "../../harness/model/phase.ts";
import { kube } from "../../harness/model/probe.ts";
import { kubernetesOf } from "./nodes.ts";

/** True for a claim of the declared class that no pod has asked for yet: it gets its volume when one does, on that pod's node. */
export function awaitsPod({ metadata, spec, status }: PersistentVolumeClaim, declared: string): boolean {
  return status?.phase === "Pending" && spec?.storageClassName === declared &&
    metadata.annotations?.["volume.kubernetes.io/selected-node"] === undefined;
}

/** Where a local-path provisioner with this configuration puts volumes, on whichever node. */
export function localPathFolders(configuration: ConfigMap | undefined): string[] {
  const text = configuration?.data?.["config.json"];
  if (text === undefined) return ["no configuration"];
  try {
    const { nodePathMap } = JSON.parse(text) as { nodePathMap: { paths: string[] }[] };
    return [...new Set(nodePathMap.flatMap(({ paths }) => paths))];
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return [`a configuration that cannot be read: ${error.message}`];
  }
}

/** Where OpenEBS puts volumes of this class: its annotation is a list in YAML, of which one entry says so. */
export function openebsFolders(found: StorageClass | undefined): string[] {
  const text = found?.metadata.annotations?.["cas.openebs.io/config"] ?? "";
  return [/name:\s*BasePath\s+value:\s*"?([^\s"]+)/.exec(text)?.[1] ?? "no BasePath"];
}

/**
 * Type of the volumes that a class makes, in small letters: OpenEBS makes `local` ones only, local-path `hostpath` ones
 * unless its annotation says otherwise (README of rancher/local-path-provisioner).
 */
export function volumeType(found: StorageClass | undefined): string {
  if (found === undefined) return "absent";
  if (found.provisioner === "openebs.io/local") return "local";
  return (found.metadata.annotations?.defaultVolumeType ?? "hostPath").toLowerCase();
}

export const volumesLocal: Assertion<"class-provisioner"> = {
  title: "New volumes are of the type that a backup of files takes",
  severity: "major",
  why: "Velero passes over volumes of the type hostPath without an error: the backup would have none of their data.",
  needs: ["class-provisioner"],
  verify: (site) => {
    const { class: name } = kubernetesOf(site).storage;
    return kube("storage.k8s.io/v1/storageclasses", {
      show: "custom-columns=NAME:.metadata.name,TYPE:.metadata.annotations.defaultVolumeType",
    }).map((all) => volumeType(all.find(({ metadata }) => metadata.name === name))).should(equal("local"));
  },
  remedy:
    "Run `deno task up --phase storage`; volumes that exist keep their type until their data moves to new claims.",
};

export const volumesPlaced: Assertion<"provisioner-available" | "class-provisioner"> = {
  title: "New volumes are put into the declared folder",
  severity: "major",
  why: "They would fill another disk than the one that is meant for them, that is watched and that is backed up.",
  needs: ["provisioner-available", "class-provisioner"],
  verify: (site) => {
    const { provider, class: name, path } = kubernetesOf(site).storage;
    return provider === "openebs"
      ? kube("storage.k8s.io/v1/storageclasses")
        .map((all) => openebsFolders(all.find(({ metadata }) => metadata.name === name))).should(sameSet([path]))
      : kube("v1/configmaps", { namespace: "local-path-storage", fields: "metadata.name=local-path-config" })
        .map(([configuration]) => localPathFolders(configuration)).should(sameSet([path]));
  },
  remedy: "Run `deno task up --phase storage`; volumes that exist stay where they are.",
};
