// Reads {path, text} a line, answers a digest of Babel's tree without layout, or null where it does not parse.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import readline from "node:readline";

const { parse } = createRequire(import.meta.url)(process.argv[2]);
const SKIPPED = new Set(["start", "end", "loc", "range", "extra", "leadingComments", "trailingComments", "innerComments",
  "comments", "errors", "tokens", "trailingComma"]);

const shown = (text) => {
  const lines = text.split(/\r\n|\n|\r/);
  return lines
    .map((line, n) => {
      let bare = line.replace(/\t/g, " ");
      if (n !== 0) bare = bare.replace(/^ +/, "");
      if (n !== lines.length - 1) bare = bare.replace(/ +$/, "");
      return bare;
    })
    .filter((line) => line)
    .join(" ");
};

const jsxChildren = (children) => {
  const found = [];
  let text = "";
  const close = () => {
    if (text) found.push(["text", text]);
    text = "";
  };
  for (const child of children) {
    const inside = child.expression;
    if (child.type === "JSXText") text += shown(child.extra.raw);
    else if (child.type === "JSXExpressionContainer" && inside.type === "StringLiteral" && /^ +$/.test(inside.value)) {
      text += inside.value;
    } else if (!(child.type === "JSXExpressionContainer" && inside.type === "JSXEmptyExpression")) {
      close();
      found.push(fold(child));
    }
  }
  close();
  return found;
};

const members = (node) => node.types.flatMap((t) => (t.type === node.type ? members(t) : [fold(t)]));

const fold = (node) => {
  if (Array.isArray(node)) return node.filter((n) => !(n && n.type === "EmptyStatement")).map(fold);
  if (node === null || typeof node !== "object") return typeof node === "bigint" ? String(node) : node;
  if (node.type === "RegExpLiteral") return ["regex", node.pattern, node.flags];
  if (node.type === "TemplateElement") return ["template", node.value.raw];
  if (node.type === "TSParenthesizedType") return fold(node.typeAnnotation);
  if (node.type === "TSUnionType" || node.type === "TSIntersectionType") {
    const all = members(node);
    return all.length === 1 ? all[0] : [node.type, ...all];
  }
  if (node.type === "JSXAttribute" && node.value?.type === "JSXExpressionContainer") {
    const inside = node.value.expression;
    if (inside.type === "StringLiteral" && !/[\\&\n"']/.test(inside.value)) {
      return ["JSXAttribute", fold(node.name), ["StringLiteral", inside.value]];
    }
  }
  if (node.type === "JSXAttribute") return ["JSXAttribute", fold(node.name), fold(node.value)];
  if (node.type === "StringLiteral") return ["StringLiteral", node.value];
  if (node.type === "Directive") return ["Directive", node.value.value.replace(/\\(["'])/g, "$1")];
  const found = {};
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key)) continue;
    found[key] = key === "children" && node.type.startsWith("JSX") ? jsxChildren(value) : fold(value);
  }
  if ((node.type === "ObjectProperty" || node.type === "TSPropertySignature") && node.key.type === "StringLiteral" &&
    !node.computed && /^[A-Za-z_$][\w$]*$/.test(node.key.value)) {
    found.key = { type: "Identifier", name: node.key.value };
  }
  if (["ImportDeclaration", "ExportNamedDeclaration"].includes(node.type) && found.specifiers) {
    found.specifiers = found.specifiers.map((s) => JSON.stringify(s)).sort();
  }
  return found;
};

const tree = ({ path, text }) => {
  const plugins = /\.[mc]?ts$/.test(path)
    ? ["typescript", "decorators-legacy"]
    : /\.tsx$/.test(path)
      ? ["typescript", "jsx", "decorators-legacy"]
      : ["flow", "jsx", "decorators-legacy"];
  try {
    const parsed = parse(text, { sourceType: "unambiguous", plugins, allowReturnOutsideFunction: true,
      createImportExpressions: true, allowAwaitOutsideFunction: true });
    return createHash("sha256").update(JSON.stringify(fold(parsed.program))).digest("hex");
  } catch {
    return null;
  }
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(tree(JSON.parse(line))));
}
