import { eventsOf, podsOf } from "../harness/model/collectors.ts";
import { nameOf, type StorageClass } from "../harness/model/kube.ts";
import { atLeast, empty, equal, sameSet } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { kube, lines, sh } from "../harness/model/probe.ts";
import { select, type Site } from "../harness/model/site.ts";
import { kubectl, sshCommand } from "../harness/model/render.ts";
import { apply, begin, claim, end, finished, once } from "./kubernetes/exercises.ts";
import { kubernetesOf, withoutKubernetes } from "./kubernetes/nodes.ts";
import { awaitsPod, volumesLocal, volumesPlaced } from "./kubernetes/volumes.ts";
import network from "./network.ts";

/** What each provider calls itself in a StorageClass, and the Deployment that provides its volumes. */
const providers = {
  "local-path": {
    provisioner: "rancher.io/local-path",
    namespace: "local-path-storage",
    deployment: "local-path-provisioner",
  },
  "openebs": {
    provisioner: "openebs.io/local",
    namespace: "openebs",
    deployment: "openebs-localpv-provisioner",
  },
} as const;

const storageOf = (site: Site) => kubernetesOf(site).storage;
const provider = (site: Site) => providers[storageOf(site).provider];

/** Prints the MiB that are free on a folder's disk, or on that of / while the folder is not there yet. */
function freeMebibytes(path: string): string {
  return `df --output=avail -BM $(test -d ${path} && echo ${path} || echo /) | tail -n 1 | tr -d ' M'`;
}

/** File that tells an exercise's volume from all others. */
const filling = "plumb-space-filling";
/** Lists where on the nodes the exercise's file lies. Before a node's first volume it has no folder for them. */
function fillings(site: Site): string {
  const { path } = storageOf(site);
  const find = `if test -d ${path}; then find ${path} -name ${filling}; fi`;
  return select(site, "kube_node").map((host) => sshCommand(site, host, find)).join(" && ");
}

const isDefault = ({ metadata }: StorageClass) =>
  metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";

export default phase({
  title: "Volumes can be had, hold what is written, and are given back",
  after: [network],
  skippedOn: withoutKubernetes,
  asserts: {
    "provisioner-available": {
      title: "The volume provisioner is available",
      severity: "critical",
      why: "Every pod that asks for a new volume waits for ever.",
      within: "120s",
      verify: (site) =>
        kube("apps/v1/deployments", {
          namespace: provider(site).namespace,
          fields: `metadata.name=${provider(site).deployment}`,
        })
          .map((all) => all.reduce((sum, one) => sum + (one.status?.availableReplicas ?? 0), 0)).should(atLeast(1)),
      remedy: "Run `deno task up --phase storage`; see the pod's log.",
      onFail: (site) => [...podsOf(site, provider(site).namespace), ...eventsOf(site, provider(site).namespace)],
    },
    "class-default": {
      title: "The declared StorageClass is the one default",
      severity: "critical",
      why: "With two defaults the newest wins, and data lies where no backup looks; with none, claims wait for ever.",
      verify: (site) =>
        kube("storage.k8s.io/v1/storageclasses")
          .map((all) => all.filter(isDefault).map(nameOf)).should(sameSet([storageOf(site).class])),
      remedy: "Run `deno task up --phase storage`, which takes the mark from every other class.",
    },
    "class-provisioner": {
      title: "The declared StorageClass belongs to the declared provider",
      severity: "critical",
      why: "Volumes would lie on other disks than those that are watched and backed up.",
      needs: ["class-default"],
      verify: (site) =>
        kube("storage.k8s.io/v1/storageclasses", {
          show: "custom-columns=NAME:.metadata.name,PROVISIONER:.provisioner",
        })
          .map((all) => all.find((one) => one.metadata.name === storageOf(site).class)?.provisioner ?? "absent")
          .should(equal(provider(site).provisioner)),
      remedy: "Run `deno task up --phase storage`, which makes the class anew; volumes that exist keep their data.",
    },
    "volumes-local": volumesLocal,
    "volumes-placed": volumesPlaced,
    "disk-free": {
      title: "The disk of the node's volumes has more room than the declared floor",
      severity: "major",
      why: "A full disk stops every service on the node at once, and the kubelet throws pods off it.",
      on: "kube_node",
      verify: (site) =>
        sh(freeMebibytes(storageOf(site).path)).map((mebibytes) => Number(mebibytes) / 1_024)
          .should(atLeast(storageOf(site).free_floor, " GiB")),
      remedy:
        "See what fills it (`du -xsh` of the folders below); grow the disk in the site file and run `deno task up`.",
      onFail: (site) => [`df -h`, `du -xsh ${storageOf(site).path}/* /var/lib/containerd /var/log`],
    },
    "claims-bound": {
      title: "No claim waits for a volume or has lost it",
      severity: "major",
      why: "The pod that needs it does not start, and says so only in its events.",
      needs: ["provisioner-available", "class-provisioner"],
      within: "60s",
      verify: (site) =>
        kube("v1/persistentvolumeclaims")
          .map((all) =>
            all.filter((one) => one.status?.phase !== "Bound" && !awaitsPod(one, storageOf(site).class))
              .map((one) => `${nameOf(one)} is ${one.status?.phase}`)
          )
          .should(empty()),
      remedy: "See the claim's events: its class, its size or its access mode is not to be had.",
      onFail: (site) => [...eventsOf(site)],
    },
    "data-survives": {
      title: "A claim is bound, and what one pod writes the next one reads",
      severity: "critical",
      why: "A database that is restarted with an empty disk has lost everything.",
      mode: "exercise",
      exercise: {
        act: (site) =>
          [
            begin(site, "plumb-data", [
              claim("data", storageOf(site).class),
              once(site, "writer", "data", "echo kept > /data/stamp"),
            ]),
            finished(site, "plumb-data", "writer"),
            kubectl(site, "-n", "plumb-data", "delete", "pod", "writer", "--wait"),
            apply(site, "plumb-data", [once(site, "reader", "data", "cat /data/stamp || echo lost")]),
            finished(site, "plumb-data", "reader"),
          ].join("\n"),
        undo: (site) => end(site, "plumb-data"),
        limit: "180s",
      },
      within: "60s",
      verify: (site) => sh(kubectl(site, "-n", "plumb-data", "logs", "pod/reader")).should(equal("kept")),
      remedy: "See the provisioner's log and the claim's events, which are kept with this run.",
      onFail: (site) => [...podsOf(site, "plumb-data"), ...eventsOf(site, "plumb-data")],
    },
    "space-returns": {
      title: "Deleting a claim gives its space on the node back",
      severity: "major",
      why: "Else the disk fills with the volumes of services that are long gone.",
      mode: "exercise",
      exercise: {
        act: (site) =>
          [
            begin(site, "plumb-space", [
              claim("data", storageOf(site).class),
              once(site, "writer", "data", `head -c 1048576 /dev/zero > /data/${filling}`),
            ]),
            finished(site, "plumb-space", "writer"),
            `test -n "$(${fillings(site)})"`,
            end(site, "plumb-space"),
          ].join("\n"),
        undo: (site) => end(site, "plumb-space"),
        limit: "240s",
      },
      within: "60s",
      verify: (site) => lines(fillings(site), { timeoutMs: 30_000 }).should(empty()),
      remedy:
        "See the provisioner's log: it deletes a volume by a helper pod on the node; then remove the folder by hand.",
      onFail: (site) => podsOf(site, provider(site).namespace),
    },
  },
});
