/// <reference lib="deno.unstable" />
/**
 * Plumb's own lint rules, a plugin for `deno lint`:
 *
 * - `plumb/import-direction`: imports go one way through the layers (see `layers.ts`).
 * - `plumb/no-swallow`: no failure is caught and dropped, in TypeScript or in a shell command.
 *
 * @module
 */
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { refusal } from "./layers.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The constant beginning of an expression that gives a module specifier; null if it has none. */
function constantStart(source: Deno.lint.Expression): string | null {
  switch (source.type) {
    case "Literal":
      return typeof source.value === "string" ? source.value : null;
    case "TemplateLiteral":
      return source.quasis[0].cooked || null;
    case "BinaryExpression":
      return source.operator === "+" && source.left.type !== "PrivateIdentifier" ? constantStart(source.left) : null;
    default:
      return null;
  }
}

function isConstant(source: Deno.lint.Expression): boolean {
  return source.type === "Literal" || (source.type === "TemplateLiteral" && source.expressions.length === 0);
}

const importDirection: Deno.lint.Rule = {
  create(context) {
    const from = relative(root, context.filename).replaceAll(sep, "/");
    const check = (node: Deno.lint.Node, specifier: string | null, { typeOnly = false, computed = false } = {}) => {
      const message = specifier === null ? null : refusal({ from, specifier, computed, typeOnly });
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value, { typeOnly: node.importKind === "type" }),
      ExportNamedDeclaration: (node) =>
        check(node, node.source?.value ?? null, { typeOnly: node.exportKind === "type" }),
      ExportAllDeclaration: (node) => check(node, node.source.value, { typeOnly: node.exportKind === "type" }),
      ImportExpression: (node) => check(node, constantStart(node.source), { computed: !isConstant(node.source) }),
      TSImportType(node) {
        const argument = node.argument;
        if (argument.type !== "TSLiteralType") return;
        const { literal } = argument;
        if (literal.type !== "Literal" || typeof literal.value !== "string") return;
        check(node, literal.value, { typeOnly: true });
      },
    };
  },
};

/** A shell command that cannot fail, whatever happens before its end. */
const shellSwallow = /\|\|\s*(true\b|:(?=\s|$|[;)"'`]))/;

/** True for a function that does nothing: `() => {}`, `() => undefined`, `function () {}`. */
function doesNothing(node: Deno.lint.Node | undefined): boolean {
  if (node?.type !== "ArrowFunctionExpression" && node?.type !== "FunctionExpression") return false;
  const body = node.body;
  if (!body) return false;
  switch (body.type) {
    case "BlockStatement":
      return body.body.length === 0;
    case "Identifier":
      return body.name === "undefined";
    case "Literal":
      return body.value === null;
    case "UnaryExpression":
      return body.operator === "void" && body.argument.type === "Literal";
    default:
      return false;
  }
}

const noSwallow: Deno.lint.Rule = {
  create(context) {
    const checkText = (node: Deno.lint.Node, text: unknown) => {
      if (typeof text !== "string" || !shellSwallow.test(text)) return;
      context.report({
        node,
        message: "Cannot let a shell command end with an alternative that always succeeds: it hides every failure; " +
          "test for the case that may fail, or let it fail",
      });
    };
    return {
      CatchClause(node) {
        if (node.body.body.length > 0) return;
        context.report({
          node,
          message: "Cannot leave a catch block empty: it hides every failure; handle the error that is expected and " +
            "throw all others",
        });
      },
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
        const handler = { catch: node.arguments[0], then: node.arguments[1] }[callee.property.name];
        if (!doesNothing(handler)) return;
        context.report({
          node: handler ?? node,
          message:
            "Cannot drop a rejection: it hides every failure; handle the error that is expected and throw all others",
        });
      },
      Literal: (node) => checkText(node, node.value),
      TemplateElement: (node) => checkText(node, node.raw),
    };
  },
};

/** The plugin, for `lint.plugins` in deno.json. */
const plugin: Deno.lint.Plugin = {
  name: "plumb",
  rules: { "import-direction": importDirection, "no-swallow": noSwallow },
};

export default plugin;
