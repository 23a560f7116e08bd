// What does it change to run a statement, and what could a use of a name change? Refuses to know who needs the
// statement.
import { words } from "./names.ts"
import { beginningOf, declarationOf } from "./declaration.ts"
import type { Graph, Meaning } from "./graph.ts"
import { isFixed, kindOf, leadsInto } from "./kind.ts"
import { isJson, type Statement } from "./module.ts"
import { childrenOf, isFunction, keyOf, type Syntax } from "./syntax.ts"
import { chainOf, type Named } from "./uses.ts"

/** Whether to run a statement does nothing but declare: it calls nothing, writes nothing, waits for nothing. */
export const isQuiet = ({ node }: Statement): boolean => {
  const own = declarationOf(node)
  if (own.type === "VariableDeclaration")
    return own.declarations.every(({ id, init }) => id.type === "Identifier" && (init === null || isInert(init)))
  return own.type === "EmptyStatement" || own.type.startsWith("TS") || isInert(own)
}

// Arithmetic and templates are none of them: they ask what they are given for its value.
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

/** Whether a use could change what a name of a statement stands for, or something in it. */
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
      // To read a number of an object leaves the object as it is.
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
  // Behind a spread any member may be another.
  const known = root.properties.every((each) => each.type === "Property" && each.kind === "init" && !each.computed)
  const found = root.properties.findLast((each) => each.type === "Property" && keyOf(each.key, each.computed) === first)
  return known && found?.type === "Property" ? memberAt(found.value, rest) : undefined
}

const isPrimitiveAt = (value: unknown, path: ReadonlyArray<string>): boolean => {
  if (typeof value !== "object" || value === null) return path.length === 0
  const [first, ...rest] = path
  return first !== undefined && Object.hasOwn(value, first) && isPrimitiveAt(Reflect.get(value, first), rest)
}
