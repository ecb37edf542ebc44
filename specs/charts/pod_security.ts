import type { VariantRule, Violation } from "../../harness/model/rule.ts";
import { type ExceptionKey, excusing, podSetting } from "./excuse.ts";
import { type Container, containers, nameOf, type Pod, pods, say, under } from "./views.ts";

/** One setting of a container that must have a value. */
interface Demand {
  readonly path: string;
  readonly value: (container: Container, pod: Pod) => unknown;
  readonly holds: (value: unknown) => boolean;
  readonly wanted: string;
  readonly setting: string;
  readonly exception?: ExceptionKey;
}

function broken(pod: Pod, demand: Demand): Violation[] {
  return containers(pod).flatMap(({ container, path }) => {
    const value = demand.value(container, pod);
    if (demand.holds(value)) return [];
    const violation = {
      object: nameOf(pod.object),
      path: `${path}.${demand.path}`,
      found: say(value),
      wanted: demand.wanted,
      values: podSetting(pod, demand.setting),
    };
    return [demand.exception ? excusing(pod, demand.exception, violation) : violation];
  });
}

/** What a container takes from its pod if it does not say it itself. */
function inherited<Key extends "runAsNonRoot" | "runAsUser" | "seccompProfile">(key: Key) {
  return (container: Container, pod: Pod) => container.securityContext?.[key] ?? pod.spec.securityContext?.[key];
}

export const nonRoot: VariantRule = {
  title: "No container runs as root",
  severity: "critical",
  why: "Root in a container is root on the node as soon as one hole is found.",
  remedy: "Find the user that the image can run as and set security.user; without one, claim the exception 'root'.",
  covers: ["HELM-007", "SEC-007"],
  expects: "runAsNonRoot true and a user other than 0",
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) =>
    pods(objects).flatMap((pod) => [
      ...broken(pod, {
        path: "securityContext.runAsNonRoot",
        value: inherited("runAsNonRoot"),
        holds: (value) => value === true,
        wanted: "true",
        setting: "security.nonRoot",
        exception: "root",
      }),
      ...broken(pod, {
        path: "securityContext.runAsUser",
        value: inherited("runAsUser"),
        holds: (value) => typeof value === "number" && value > 0,
        wanted: "a user other than 0",
        setting: "security.user",
        exception: "root",
      }),
    ]),
};

export const noPrivilege: VariantRule = {
  title: "No container has or can gain privileges",
  severity: "critical",
  why: "Capabilities and set-uid programs are the usual way from a container to its node.",
  remedy: "Take the capability out of security.capabilities; one that the program really needs takes an exception.",
  covers: ["HELM-007", "SEC-007"],
  expects: "allowPrivilegeEscalation false, not privileged, all capabilities dropped and none added",
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) =>
    pods(objects).flatMap((pod) => [
      ...broken(pod, {
        path: "securityContext.allowPrivilegeEscalation",
        value: ({ securityContext }) => securityContext?.allowPrivilegeEscalation,
        holds: (value) => value === false,
        wanted: "false",
        setting: "security",
        exception: "capabilities",
      }),
      ...broken(pod, {
        path: "securityContext.privileged",
        value: ({ securityContext }) => securityContext?.privileged ?? false,
        holds: (value) => value === false,
        wanted: "false",
        setting: "security",
      }),
      ...broken(pod, {
        path: "securityContext.capabilities.drop",
        value: ({ securityContext }) => securityContext?.capabilities?.drop,
        holds: (value) => Array.isArray(value) && value.includes("ALL"),
        wanted: "[ALL]",
        setting: "security.capabilities",
      }),
      ...broken(pod, {
        path: "securityContext.capabilities.add",
        value: ({ securityContext }) => securityContext?.capabilities?.add ?? [],
        // Pod Security's `restricted` allows this one.
        holds: (value) => (value as string[]).every((capability) => capability === "NET_BIND_SERVICE"),
        wanted: "nothing but NET_BIND_SERVICE",
        setting: "security.capabilities",
        exception: "capabilities",
      }),
    ]),
};

export const seccomp: VariantRule = {
  title: "Every container's system calls are filtered",
  severity: "major",
  why: "Without a filter a program in a container can try every system call that the kernel has.",
  remedy: "Leave the profile to the library, which asks for the runtime's default.",
  covers: ["HELM-007", "SEC-007"],
  expects: "seccomp profile RuntimeDefault",
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) =>
    pods(objects).flatMap((pod) =>
      broken(pod, {
        path: "securityContext.seccompProfile.type",
        value: (container, pod) => inherited("seccompProfile")(container, pod)?.type,
        holds: (value) => value === "RuntimeDefault" || value === "Localhost",
        wanted: "RuntimeDefault",
        setting: "security",
      })
    ),
};

export const rootReadOnly: VariantRule = {
  title: "No container can write to its image",
  severity: "major",
  why: "Whoever gets in could replace the program, and what is written there is lost with the pod.",
  remedy: "List the places that it writes to under writable (gone with the pod) or storage (kept).",
  covers: ["HELM-007"],
  expects: "readOnlyRootFilesystem true",
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) =>
    pods(objects).flatMap((pod) =>
      broken(pod, {
        path: "securityContext.readOnlyRootFilesystem",
        value: ({ securityContext }) => securityContext?.readOnlyRootFilesystem,
        holds: (value) => value === true,
        wanted: "true",
        setting: "security.readOnlyRoot",
        exception: "writableRoot",
      })
    ),
};

export const noHostAccess: VariantRule = {
  title: "No pod touches its node's network, processes, files or ports",
  severity: "critical",
  why: "It would bypass every network policy, and a socket or folder of the node is the node.",
  remedy: "Use a Service, a route or storage instead; where only the node's own will do, claim the exception.",
  covers: ["HELM-007", "SEC-007", "P10"],
  expects: "no hostNetwork, hostPID, hostIPC, hostPath or hostPort",
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) => pods(objects).flatMap(hostAccess),
};

function hostAccess(pod: Pod): Violation[] {
  const object = nameOf(pod.object);
  const violation = (path: string, found: unknown, wanted: string, key: string): Violation => ({
    object,
    path: under(pod.at, `spec.${path}`),
    found: say(found),
    wanted,
    values: podSetting(pod, key),
  });
  const shared = (["hostPID", "hostIPC"] as const).filter((key) => pod.spec[key])
    .map((key) => violation(key, true, "false", ""));
  const network = pod.spec.hostNetwork
    ? [excusing(pod, "hostNetwork", violation("hostNetwork", true, "false", "hostNetwork"))]
    : [];
  const volumes = (pod.spec.volumes ?? []).flatMap((volume, index) =>
    volume.hostPath === undefined ? [] : [excusing(
      pod,
      "hostPath",
      violation(`volumes[${index}].hostPath`, volume.hostPath, "another kind of volume", "volumes"),
    )]
  );
  const ports = containers(pod).flatMap(({ container, path }) =>
    (container.ports ?? []).flatMap((port, index) => {
      if (port.hostPort === undefined || pod.spec.hostNetwork) return [];
      const found = violation("", port.hostPort, "no port of the node", `ports.${port.name}`);
      return [excusing(pod, "hostPort", { ...found, path: `${path}.ports[${index}].hostPort` })];
    })
  );
  return [...shared, ...network, ...volumes, ...ports];
}
