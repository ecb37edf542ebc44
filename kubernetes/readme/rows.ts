import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";

/** One value of a chart: where it stands, what it is, and what the comment above it says. */
export interface Row {
  /** From the top of the file. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** The comment on one line; empty for none. */
  readonly comment: string;
}

/** The values of a file, each list as one, in the file's order; `about` is the comment that the file begins with. */
export function rowsOf(text: string): { about: string; rows: Row[] } {
  const document = parseDocument(text);
  if (document.errors.length) throw document.errors[0];
  const rows: Row[] = [];
  const top = document.contents;
  if (isMap(top)) walk(document, top, [], rows);
  return { about: oneLine(document.commentBefore) || (rows[0]?.path.length === 1 ? rows[0].comment : ""), rows };
}

function walk(document: Document, map: YAMLMap, path: readonly string[], rows: Row[]): void {
  map.items.forEach((pair, at) => {
    if (!isPair(pair)) return;
    const here = [...path, String(isScalar(pair.key) ? pair.key.value : pair.key)];
    const comment = commentOf(pair as Pair<Node, Node>, at === 0 && path.length ? map.commentBefore : undefined);
    const value = isAlias(pair.value) ? pair.value.resolve(document) : pair.value as Node | null;
    if (isMap(value) && value.items.length) {
      if (comment) rows.push({ path: here, value: undefined, comment });
      walk(document, value, here, rows);
    } else {
      rows.push({ path: here, value: isSeq(value) || isMap(value) ? value.toJS(document) : plain(value), comment });
    }
  });
}

function commentOf(pair: Pair<Node, Node>, ofMap: string | null | undefined): string {
  const own = isScalar(pair.key) ? pair.key.commentBefore : undefined;
  const beside = pair.value && !isMap(pair.value) ? pair.value.comment : undefined;
  return [ofMap, own, beside].filter(Boolean).map(oneLine).join(" ");
}

function plain(node: unknown): unknown {
  return isScalar(node) ? node.value : null;
}

function oneLine(text: string | null | undefined): string {
  return (text ?? "").replace(/\s+/g, " ").trim();
}
