import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  parseDocument,
} from "yaml";
import type { KubeObject, YamlFile } from "../../model/chart.ts";

/** Reads a YAML file with the line and the comment of everything in it; one that cannot be parsed has no data. */
export function readYamlFile(path: string, text: string): YamlFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: "silent" });
  const lines: Record<string, number> = {};
  const comments: Record<string, string> = {};
  const note = (at: string, node: Node, comment: string | null | undefined) => {
    if (at === "") return;
    if (node.range) lines[at] = counter.linePos(node.range[0]).line;
    if (comment) comments[at] = comment.trim();
  };
  const visit = (at: string, node: unknown) => {
    if (isMap(node)) {
      node.items.forEach(({ key, value }, index) => {
        if (!isNode(key)) return;
        const here = join(at, isScalar(key) ? String(key.value) : String(key));
        // The comment above a block's first key belongs to the parser's block, not to the key.
        note(
          here,
          key,
          key.commentBefore ?? (value as Node | null)?.comment ?? (index === 0 ? node.commentBefore : null),
        );
        visit(here, value);
      });
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        const here = join(at, String(index));
        const own = item as Node;
        note(here, own, own.commentBefore ?? own.comment ?? (index === 0 ? node.commentBefore : null));
        visit(here, item);
      });
    }
  };
  visit("", document.contents);
  return { path, data: toData(document), lines, comments };
}

function join(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}

function toData(document: Document): unknown {
  return document.errors.length ? null : document.toJS();
}

/** Kinds of the cluster's own that lie in no namespace. */
const clusterWide = new Set([
  ...["Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "PersistentVolume", "StorageClass"],
  ...["IngressClass", "PriorityClass", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
  ...["ClusterIssuer", "GatewayClass"],
]);

/** The objects of a rendered stream; those that name no namespace get the release's. @throws if it is not YAML. */
export function readObjects(text: string, namespace: string): KubeObject[] {
  return text.split(/^---.*$/m).flatMap((part) => {
    const [document] = parseAllDocuments(isDefinition(part) ? withoutSchemas(part) : part, { logLevel: "silent" });
    if (!document || !("contents" in document)) return [];
    if (document.errors.length) throw document.errors[0];
    const object = document.toJS() as KubeObject | null;
    if (object === null) return [];
    if (clusterWide.has(object.kind)) return [object];
    return [{ ...object, metadata: { ...object.metadata, namespace: object.metadata?.namespace ?? namespace } }];
  });
}

function isDefinition(text: string): boolean {
  return /^kind: CustomResourceDefinition$/m.test(text);
}

/** A definition without its schemas, which are a hundred times the rest and of no use to a rule. */
function withoutSchemas(text: string): string {
  let depth = Infinity;
  return text.split("\n").filter((line) => {
    const indent = line.search(/\S/);
    if (indent > depth || (indent === -1 && depth < Infinity)) return false;
    depth = /^\s+schema:\s*$/.test(line) ? indent : Infinity;
    return depth === Infinity;
  }).join("\n");
}
