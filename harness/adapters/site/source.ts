import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import { displayPath, dotted, type Finding, type Path, type Problem, SiteError } from "./error.ts";

/** A YAML file that was parsed, with the lines of what stands in it. */
export interface Source {
  readonly data: unknown;
  /** Faults that do not keep the rest from being looked at: keys that appear twice. */
  readonly problems: readonly Problem[];
  /** Gives a finding the file and the line of its path; where the path leads nowhere, the nearest parent's line. */
  locate(finding: Finding): Problem;
}

const syntaxWords: Partial<Record<YAMLError["code"], string>> = {
  TAB_AS_INDENT: "a tab indents it; indent with spaces",
  DUPLICATE_KEY: "the key appears twice; keep one of the two",
  MULTIPLE_DOCS: "a second document starts here; keep one document in a file",
  BLOCK_AS_IMPLICIT_KEY:
    "two keys run into each other here; indent the next line like this one, or quote a text that holds a colon",
  MULTILINE_IMPLICIT_KEY: "it is read as one key with the next line; put a colon behind the key",
  TAG_RESOLVE_FAILED: "the tag (the word after '!') is unknown; remove it, or quote the text",
};

function describeSyntax(error: YAMLError): string {
  const said = error.message;
  if (said.startsWith("Flow ")) return "a bracket is still open here; close it on one of the lines above";
  return syntaxWords[error.code] ?? `it is not valid YAML (${said}); correct the punctuation here or just above`;
}

/** All keys that appear twice, and the first error of any other kind: a parser's later ones mostly follow from it. */
function faultsOf(document: Document): YAMLError[] {
  const faults = [...document.errors, ...document.warnings];
  const others = faults.filter(({ code }) => code !== "DUPLICATE_KEY");
  return [...faults.filter(({ code }) => code === "DUPLICATE_KEY"), ...others.slice(0, 1)];
}

/** Offset of the deepest part of `path` that exists; null for the root itself. */
function offsetOf(document: Document, path: Path): number | null {
  let node: Node | null = document.contents as Node | null;
  let offset: number | null = null;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part) as Pair | undefined;
      if (!pair) break;
      offset = (pair.key as Node).range![0];
      node = isNode(pair.value) ? pair.value : null;
    } else if (isSeq(node) && isNode(node.items[part as number])) {
      node = node.items[part as number] as Node;
      offset = node.range![0];
    } else break;
  }
  return offset;
}

/**
 * Parses one YAML document.
 * @throws {SiteError} if it is empty or not valid YAML.
 */
export function parseSource(path: string, text: string, emptyRemedy: string): Source {
  const file = displayPath(path);
  const lines = new LineCounter();
  // A pretty error quotes the line that it is about; in a secrets file that line may be a secret.
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error", prettyErrors: false });
  const faults = faultsOf(document);
  const problems = faults.map((fault) => ({
    file,
    line: lines.linePos(fault.pos[0]).line,
    path: "",
    message: describeSyntax(fault),
  }));
  if (faults.some(({ code }) => code !== "DUPLICATE_KEY")) throw new SiteError(problems, { cause: faults[0] });

  const at = (offset: number, message: string) =>
    problems.push({ file, line: lines.linePos(offset).line, path: "", message });
  visit(document, {
    Alias: (_, alias) => void at(alias.range![0], `the alias *${alias.source} is not followed; write the value out`),
  });
  if (!document.contents || isScalar(document.contents) && document.contents.value === null) {
    at(0, `the file is empty; ${emptyRemedy}`);
  }
  if (problems.length > faults.length) throw new SiteError(problems);
  return {
    data: document.toJS(),
    problems,
    locate({ path, message }) {
      const offset = offsetOf(document, path);
      return { file, line: offset === null ? 1 : lines.linePos(offset).line, path: dotted(path), message };
    },
  };
}
