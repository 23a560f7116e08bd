// Decides whether running a statement changes something, and whether a use of a name could change the value of the
// name. Knows nothing about who needs the statement.
import { words } from "./names.ts"
import { beginningOf, declarationOf } from "./declaration.ts"
import type { Graph, Meaning } from "./graph.ts"
import { isFixed, kindOf, leadsInto } from "./kind.ts"
import { isJson, type Statement } from "./module.ts"
import { childrenOf, isFunction, keyOf, type Syntax } from "./syntax.ts"
import { chainOf, type Named } from "./uses.ts"

/** Whether a statement only declares when it runs: it calls nothing, writes nothing and waits for nothing. */
export const isQuiet = ({ node }: Statement): boolean => {
  const own = declarationOf(node)
  if (own.type === "VariableDeclaration")
    return own.declarations.every(({ id, init }) => id.type === "Identifier" && (init === null || isInert(init)))
  return own.type === "EmptyStatement" || own.type.startsWith("TS") || isInert(own)
}

// Arithmetic and templates are not in the list: they ask their operands for a value (valueOf, toString).
const inert = new Set(
  words(`
  Literal Identifier ObjectExpression ArrayExpression Property TemplateElement LogicalExpression
  ConditionalExpression ParenthesizedExpression TSAsExpression TSSatisfiesExpression TSNonNullExpression
  ClassDeclaration ClassExpression ClassBody MethodDefinition
`),
)

const isInert = (node: Syntax): boolean =>
  isFunction(node) ||
  (node.type === "PropertyDefinition" && !node.static) ||
  ((inert.has(node.type) ||
    (node.type === "TemplateLiteral" && node.expressions.length === 0) ||
    (node.type === "UnaryExpression" && ["typeof", "!", "void"].includes(node.operator))) &&
    childrenOf(node).every(
      (each) => (each.type.startsWith("TS") && !each.type.endsWith("Expression")) || isInert(each),
    ))

/** Whether a use could change the value of a name that a statement declares, or a part of that value. */
export const couldChange = (
  use: Named,
  path: ReadonlyArray<string>,
  { statement, name }: Extract<Meaning, { _tag: "Statement" }>,
  graph: Graph,
): boolean => {
  const { how } = use
  if (how === "write") return true
  switch (kindOf(statement, graph)) {
    case "fixed":
      return false
    case "code":
      return how === "read" || leadsInto(use, path)
    case "open":
      // Reading a number from an object does not change the object.
      return how === "call" || how === "new" || use.deeper || !isFixedAt(statement, name, path, graph)
  }
}

const isFixedAt = ({ module, node }: Statement, name: string, path: ReadonlyArray<string>, graph: Graph): boolean => {
  if (isJson(module)) return isPrimitiveAt(JSON.parse(module.text), path)
  const own = declarationOf(node)
  const declared = own.type === "VariableDeclaration" && own.kind === "const" ? beginningOf(own, name) : undefined
  const found = declared && path.length > 0 ? memberAt(declared, path) : undefined
  return found !== undefined && isFixed(found, module, graph)
}

const memberAt = (node: Syntax, path: ReadonlyArray<string>): Syntax | undefined => {
  const { root } = chainOf(node)
  const [first, ...rest] = path
  if (first === undefined) return root
  if (root.type !== "ObjectExpression") return undefined
  // If the object has a spread, any member may have another value.
  const known = root.properties.every((each) => each.type === "Property" && each.kind === "init" && !each.computed)
  const found = root.properties.findLast((each) => each.type === "Property" && keyOf(each.key, each.computed) === first)
  return known && found?.type === "Property" ? memberAt(found.value, rest) : undefined
}

const isPrimitiveAt = (value: unknown, path: ReadonlyArray<string>): boolean => {
  if (typeof value !== "object" || value === null) return path.length === 0
  const [first, ...rest] = path
  return first !== undefined && Object.hasOwn(value, first) && isPrimitiveAt(Reflect.get(value, first), rest)
}
