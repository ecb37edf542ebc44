// The parts of Kubernetes objects that specs read, as the API's JSON has them; an API server leaves out what is empty.
// Source: the API reference of Kubernetes 1.35.

/** What every object carries. Times are RFC 3339. */
export interface ObjectMeta {
  readonly name: string;
  readonly uid?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

/** Any object. */
export interface KubeObject {
  readonly metadata: ObjectMeta;
}

/** One line of an object's `status.conditions`; `status` is `True`, `False` or `Unknown`. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** An object that reports conditions. */
export interface Conditioned extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** A key, a value and what they do to pods; on a node. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Node extends KubeObject {
  readonly spec?: {
    readonly podCIDR?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly nodeInfo?: {
      readonly kubeletVersion: string;
      readonly containerRuntimeVersion: string;
      readonly osImage: string;
      readonly kernelVersion: string;
    };
  };
}

/** What one container of a pod is doing. */
export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly imageID?: string;
  readonly state?: {
    readonly running?: { readonly startedAt?: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: {
      readonly exitCode: number;
      readonly reason?: string;
      readonly startedAt?: string;
      readonly finishedAt?: string;
    };
  };
  readonly lastState?: ContainerStatus["state"];
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

export interface Pod extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly hostIP?: string;
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Namespace extends KubeObject {
  readonly status?: { readonly phase?: string };
}

/** An event of the core API; named so that it is not taken for the DOM's. */
export interface KubeEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
}

export interface Service extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
  };
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface PodTemplate {
  readonly spec?: Pod["spec"];
}

export interface Deployment extends Conditioned {
  readonly spec?: { readonly replicas?: number; readonly template?: PodTemplate };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface DaemonSet extends KubeObject {
  readonly spec?: { readonly template?: PodTemplate };
  readonly status?: {
    readonly desiredNumberScheduled: number;
    readonly currentNumberScheduled: number;
    readonly numberReady: number;
    readonly numberAvailable?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberMisscheduled: number;
  };
}

export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface PersistentVolume extends KubeObject {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly persistentVolumeReclaimPolicy?: string;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string };
  };
  readonly status?: { readonly phase?: string; readonly reason?: string; readonly message?: string };
}

export interface PersistentVolumeClaim extends KubeObject {
  readonly spec?: { readonly storageClassName?: string; readonly volumeName?: string };
  readonly status?: { readonly phase?: string; readonly capacity?: Readonly<Record<string, string>> };
}

export interface CertificateSigningRequest extends Conditioned {
  readonly spec?: { readonly signerName?: string; readonly username?: string };
}

export interface NetworkPolicy extends KubeObject {
  readonly spec?: { readonly policyTypes?: readonly string[] };
}

/** The resources whose objects are typed here, as `kube()` takes their names. */
export interface KubeResources {
  readonly "v1/configmaps": ConfigMap;
  readonly "v1/events": KubeEvent;
  readonly "v1/namespaces": Namespace;
  readonly "v1/nodes": Node;
  readonly "v1/persistentvolumeclaims": PersistentVolumeClaim;
  readonly "v1/persistentvolumes": PersistentVolume;
  readonly "v1/pods": Pod;
  readonly "v1/services": Service;
  readonly "apps/v1/daemonsets": DaemonSet;
  readonly "apps/v1/deployments": Deployment;
  readonly "certificates.k8s.io/v1/certificatesigningrequests": CertificateSigningRequest;
  readonly "networking.k8s.io/v1/networkpolicies": NetworkPolicy;
  readonly "storage.k8s.io/v1/storageclasses": StorageClass;
}

/** `namespace/name`, or `name` of what is in no namespace. */
export function nameOf({ metadata }: KubeObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

/** What an object says of one of its conditions, such as a node of `Ready`. */
export function conditionOf(object: Conditioned, type: string): Condition | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type);
}

/** A resource's name in its parts; the core API's `group` is empty. */
export interface ResourceName {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** Reads `v1/pods` or `apps/v1/daemonsets`. @throws {TypeError} on anything else. */
export function resourceName(resource: string): ResourceName {
  const [, group = "", version, plural] =
    /^(?:([a-z0-9.-]+)\/)?(v\d+(?:(?:alpha|beta)\d+)?)\/([a-z0-9]+)$/.exec(resource) ??
      [];
  if (!plural) {
    throw new TypeError(
      `Cannot ask for Kubernetes resource '${resource}': it is no GROUP/VERSION/PLURAL; write it like 'v1/pods' or 'apps/v1/daemonsets'`,
    );
  }
  return { group, version, plural };
}

/** Resources of the built-in groups that are in no namespace; of others it is not known here. */
const clusterWide = new Set([
  ...["nodes", "namespaces", "persistentvolumes", "storageclasses", "csinodes", "csidrivers", "volumeattachments"],
  ...["certificatesigningrequests", "clusterroles", "clusterrolebindings", "priorityclasses", "runtimeclasses"],
  ...["customresourcedefinitions", "apiservices", "ingressclasses", "ippools"],
]);

/** True if a resource's objects are known to be in no namespace. */
export function isClusterWide({ plural }: ResourceName): boolean {
  return clusterWide.has(plural);
}
