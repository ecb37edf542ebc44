import { mebibytes, millicores } from "./quantity.ts";

interface ValuesComponent {
  readonly kind?: string;
  readonly replicas?: number;
  readonly image: { readonly repository: string; readonly tag: string };
  readonly ports?: Readonly<Record<string, { readonly port: number; readonly protocol?: string }>>;
  readonly resources: { readonly requests: { readonly cpu: string; readonly memory: string } };
  readonly storage?: Readonly<Record<string, { readonly size?: string }>>;
}

/** One component of a chart, as far as it concerns the whole. */
export interface Component {
  readonly name: string;
  readonly kind: string;
  /** `repository:tag`. */
  readonly image: string;
  /** `5432/TCP`, in the order of the chart. */
  readonly ports: readonly string[];
  /** What is set aside for all its replicas; nothing for what only runs now and then. */
  readonly millicores: number;
  /** MiB, likewise. */
  readonly memory: number;
  /** GiB of its claims, of all replicas. */
  readonly storage: number;
}

/** Kinds that end by themselves. */
const passing: readonly string[] = ["Job", "CronJob"];

function describe(name: string, values: ValuesComponent): Component {
  const { kind = "Deployment", replicas = 1, image, ports = {}, resources: { requests }, storage = {} } = values;
  const count = passing.includes(kind) ? 0 : replicas;
  return {
    name,
    kind,
    image: `${image.repository}:${image.tag}`,
    ports: Object.values(ports).map(({ port, protocol = "TCP" }) => `${port}/${protocol}`),
    millicores: count * millicores(requests.cpu),
    memory: count * mebibytes(requests.memory),
    storage: replicas * Object.values(storage).reduce((sum, { size = "0" }) => sum + mebibytes(size) / 1024, 0),
  };
}

/** The components of a chart of ours, from its values.yaml, parsed; none for a chart that does not use the library. */
export function componentsOf(values: unknown): readonly Component[] {
  const common = (values as { "plumb-common"?: { components: Record<string, ValuesComponent> } })["plumb-common"];
  return Object.entries(common?.components ?? {}).map(([name, component]) => describe(name, component));
}
