/** A Kubernetes object as a chart renders it; whatever is below the top is looked at with care. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** The release's namespace where the object names none; absent for kinds that have none. */
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

/** What a schema says against an object. */
export interface SchemaFault {
  /** `Deployment ghost`. */
  readonly object: string;
  /** Dotted; empty for the object as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A chart rendered once. */
export interface Variant {
  /** The values file beside the chart's own values: `values.yaml` where there is none, else its path below the chart. */
  readonly values: string;
  readonly objects: readonly KubeObject[];
  /** What Helm said if it could not render; null if it could. */
  readonly failure: string | null;
  readonly faults: readonly SchemaFault[];
}

/** A YAML file: its data, and the line that each dotted path stands on. */
export interface YamlFile {
  /** From the project's folder. */
  readonly path: string;
  readonly data: unknown;
  readonly lines: Readonly<Record<string, number>>;
  /** The line's comment, or the comment above it, by dotted path. */
  readonly comments: Readonly<Record<string, string>>;
}

/** A chart of this project as it lies in its folder, and what it renders. */
export interface Chart {
  /** The service's name, which is the release's and the folder's too. */
  readonly name: string;
  /** From the project's folder. */
  readonly folder: string;
  /** Paths of its files, below the folder, sorted. */
  readonly files: readonly string[];
  /** Texts of the files in `templates/`, by path below the folder. */
  readonly templates: Readonly<Record<string, string>>;
  /** `Chart.yaml`; null if there is none. */
  readonly definition: YamlFile | null;
  readonly values: YamlFile;
  /** What `helm lint --strict` says against it. */
  readonly lint: readonly string[];
  /** First the one that is installed: the chart's own values with the site's laid over them. */
  readonly variants: readonly Variant[];
}

/** The values that a chart of upstream's is given, rendered for a site: `data` is null if they could not be. */
export interface UpstreamValues extends YamlFile {
  /** Why there are none; null if there are. */
  readonly failure: string | null;
}

/** A database, bucket or the like that a service is to have. */
export interface DatabaseEntry {
  /** The data service that it lies in. */
  readonly engine: string;
  readonly name: string;
  readonly user: string;
}

/** A service of the registry, with what follows from its entry. */
export interface ServiceEntry {
  readonly name: string;
  readonly namespace: string;
  readonly tier: "base" | "apps";
  /** Null for a chart of this project. */
  readonly upstream: { readonly repository: string; readonly name: string; readonly version: string } | null;
  /** Labels that all pods of an upstream chart carry. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Labels of pods that an upstream chart's program makes itself, by component; those carry no `podLabels`. */
  readonly morePods: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Container ports of an upstream chart's pods that the API server calls. */
  readonly webhooks: readonly number[];
  /** Container ports of an upstream chart's pods that node ports lead to. */
  readonly entrance: readonly number[];
  /** All services that must be there first, implied ones too. */
  readonly needs: readonly string[];
  /** Full host names. */
  readonly hosts: readonly string[];
  readonly health: { readonly component: string; readonly port: string; readonly path?: string } | null;
  readonly databases: readonly DatabaseEntry[];
  /** Vault paths below the mount that it may read, with the keys there. */
  readonly secrets: readonly { readonly path: string; readonly keys: readonly string[] }[];
  readonly calls: readonly {
    readonly service: string;
    readonly component: string;
    readonly port: string | number;
    /** False if it can start before the other is there. */
    readonly needed?: boolean;
  }[];
  readonly nodePorts: Readonly<Record<string, number>>;
}

/** Everything that is known of a site's services before any of them is installed. */
export interface Platform {
  readonly domain: string;
  /** The cluster's own domain, such as `cluster.local`. */
  readonly clusterDomain: string;
  readonly storageClass: string;
  /** The network that the nodes are in, and with them the API server. */
  readonly nodeNetwork: string;
  /** The network of the pods. */
  readonly podNetwork: string;
  /** The port that the API server listens on. */
  readonly apiPort: number;
  /** Of the cluster, as the site declares it. */
  readonly kubernetesVersion: string;
  /** Of the schemas that the objects were held against. */
  readonly schemaVersion: string;
  readonly libraryVersion: string;
  /** Pod Security levels of the namespaces, by name. */
  readonly namespaces: Readonly<Record<string, string>>;
  readonly services: readonly ServiceEntry[];
  readonly charts: readonly Chart[];
  /** Values of the charts that are upstream's, by service. */
  readonly upstreamValues: Readonly<Record<string, UpstreamValues>>;
  /** Names of all folders of charts, those without an entry in the registry too. */
  readonly folders: readonly string[];
  readonly registry: YamlFile;
  /** Text of the Helmfile; null if there is none. */
  readonly helmfile: string | null;
  /** `YYYY-MM-DD`: exceptions of an earlier day are over. */
  readonly today: string;
}
