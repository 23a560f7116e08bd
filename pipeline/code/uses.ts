// Finds what a statement takes from outside itself: every name that it uses and does not declare, every import() and
// require() call, and import.meta. Knows nothing about the meaning of the names.
import { words } from "./names.ts"
import { isLocal, scopeIn, top, type Scope } from "./scope.ts"
import { childrenOf, keyOf, textOf, type Syntax } from "./syntax.ts"

/** A use of a name: `Date.now()` has the name Date and the path ["now"], and is a call. */
export interface Named {
  readonly _tag: "Named"
  readonly name: string
  /** The members that the code writes out after the name. */
  readonly path: ReadonlyArray<string>
  /** Whether more members follow, whose names are computed. */
  readonly deeper: boolean
  /**
   * `write` is an assignment to the name or to a member, or a delete. `look` only looks at the value, as typeof, a
   * comparison and arithmetic do. `read` passes the value on.
   */
  readonly how: "read" | "look" | "call" | "new" | "write"
  /** The arguments of a call: the text of each argument that is a written-out text, otherwise undefined. */
  readonly given: ReadonlyArray<string | undefined>
  /** For a call: the name with which the first argument begins, if the name is declared outside. */
  readonly to: string | undefined
  readonly start: number
}

/** An import() or a require() call. */
export interface Loading {
  readonly _tag: "Loading"
  readonly by: "import" | "require"
  /** undefined if the specifier is computed. */
  readonly specifier: string | undefined
  readonly node: Syntax
  /** The function that is called with `{ run: () => import("./fit.run.ts") }`, if this is the import() in `run`. */
  readonly declaredBy: Syntax | undefined
}

/** `import.meta`. */
interface Meta {
  readonly _tag: "Meta"
  readonly node: Syntax
  /** The members of `import.meta` that the code reads. */
  readonly path: ReadonlyArray<string>
}

export type Use = Named | Loading | Meta

/** Everything that a statement at the top level of a module takes from outside itself, in the order of the text. */
export const usesIn = (statement: Syntax): ReadonlyArray<Use> => {
  const known = usesOf.get(statement)
  if (known !== undefined) return known
  const uses: Array<Use> = []
  visit(statement, top, (use) => {
    uses.push(use)
  })
  usesOf.set(statement, uses)
  return uses
}
const usesOf = new WeakMap<Syntax, ReadonlyArray<Use>>()

/** Splits an expression such as `a.b.c` into its root (`a`) and the path of members, as far as they are written out. */
export const chainOf = (
  node: Syntax,
): {
  readonly root: Syntax
  readonly path: ReadonlyArray<string>
  readonly computed: ReadonlyArray<Syntax>
  readonly deeper: boolean
} => {
  switch (node.type) {
    case "MemberExpression": {
      const { root, path, computed, deeper } = chainOf(node.object)
      const key = keyOf(node.property, node.computed)
      // The path after a computed member is not known.
      if (key === undefined || deeper)
        return { root, path, computed: [...computed, ...(node.computed ? [node.property] : [])], deeper: true }
      return { root, path: [...path, key], computed, deeper }
    }
    case "ChainExpression":
    case "ParenthesizedExpression":
    case "TSNonNullExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return chainOf(node.expression)
    default:
      return { root: node, path: [], computed: [], deeper: false }
  }
}

type Tell = (use: Use) => void

const visit = (node: Syntax, outer: Scope, tell: Tell): void => {
  const scope = scopeIn(node, outer)
  switch (node.type) {
    case "Identifier":
    case "MemberExpression":
      return named(node, "read", nothing, scope, tell)
    case "MetaProperty":
      return node.meta.name === "import" ? tell({ _tag: "Meta", node, path: [] }) : undefined
    case "CallExpression":
    case "NewExpression":
      return called(node, scope, tell)
    case "ImportExpression":
      tell({ _tag: "Loading", by: "import", specifier: textOf(node.source), node, declaredBy: undefined })
      return visit(node.source, scope, tell)
    case "AssignmentExpression":
      target(node.left, scope, tell)
      return visit(node.right, scope, tell)
    case "UpdateExpression":
      return target(node.argument, scope, tell)
    case "UnaryExpression":
      return node.operator === "delete" ? target(node.argument, scope, tell) : look([node.argument], scope, tell)
    case "BinaryExpression":
      return look([node.left, node.right], scope, tell)
    case "TemplateLiteral":
      return look(node.expressions, scope, tell)
    case "TaggedTemplateExpression":
      named(node.tag, "call", nothing, scope, tell)
      return visitAll(node.quasi.expressions, scope, tell)
    case "ClassDeclaration":
    case "ClassExpression":
      // Extending a class counts as making instances of it.
      if (node.superClass !== null) named(node.superClass, "new", nothing, scope, tell)
      return visit(node.body, scope, tell)
    case "ForInStatement":
    case "ForOfStatement":
      if (node.left.type === "VariableDeclaration") visit(node.left, scope, tell)
      else target(node.left, scope, tell)
      for (const part of [node.right, node.body]) visit(part, scope, tell)
      return
    case "VariableDeclarator":
      return visitAll([...within(node.id), node.init], scope, tell)
    case "CatchClause":
      return visitAll([...(node.param === null ? [] : within(node.param)), node.body], scope, tell)
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return visitAll([...node.params.flatMap(within), node.body], scope, tell)
    default:
      return visitAll(expressionsOf(node), scope, tell)
  }
}

const visitAll = (nodes: ReadonlyArray<Syntax | null>, scope: Scope, tell: Tell): void => {
  for (const each of nodes) if (each !== null) visit(each, scope, tell)
}

const look = (nodes: ReadonlyArray<Syntax>, scope: Scope, tell: Tell): void => {
  for (const each of nodes) {
    if (each.type === "Identifier" || each.type === "MemberExpression") named(each, "look", nothing, scope, tell)
    else visit(each, scope, tell)
  }
}

const nothing: Pick<Named, "given" | "to"> = { given: [], to: undefined }

const named = (node: Syntax, how: Named["how"], rest: typeof nothing, scope: Scope, tell: Tell): void => {
  const { root, path, computed, deeper } = chainOf(node)
  if (root.type === "MetaProperty" && root.meta.name === "import") tell({ _tag: "Meta", node: root, path })
  else if (root.type !== "Identifier") visit(root, scope, tell)
  else if (!isLocal(root.name, scope))
    tell({ _tag: "Named", name: root.name, path, deeper, how, ...rest, start: root.start })
  visitAll(computed, scope, tell)
}

const called = (
  node: Extract<Syntax, { type: "CallExpression" | "NewExpression" }>,
  scope: Scope,
  tell: Tell,
): void => {
  const { callee } = node
  const given = node.arguments
  const requires =
    node.type === "CallExpression" &&
    callee.type === "Identifier" &&
    callee.name === "require" &&
    !isLocal("require", scope)
  if (requires)
    tell({ _tag: "Loading", by: "require", specifier: given[0] && textOf(given[0]), node, declaredBy: undefined })
  else
    named(
      callee,
      node.type === "NewExpression" ? "new" : "call",
      { given: given.map(textOf), to: nameIn(given[0], scope) },
      scope,
      tell,
    )
  const body = bodyIn(given.at(-1))
  const calls = callee.type === "MemberExpression" && callers.has(keyOf(callee.property, callee.computed) ?? "")
  for (const each of given) {
    if (calls && each.type === "Identifier") named(each, "call", nothing, scope, tell)
    else
      visit(each, scope, (use) =>
        tell(use._tag === "Loading" && use.node === body ? { ...use, declaredBy: callee } : use),
      )
  }
}

/** Methods that only call their arguments. */
const callers = new Set(
  words(`
  map flatMap filter forEach reduce reduceRight some every find findIndex findLast findLastIndex sort toSorted from
  then catch finally replace replaceAll
`),
)

const nameIn = (node: Syntax | undefined, scope: Scope): string | undefined => {
  const root = node === undefined ? undefined : chainOf(node).root
  return root?.type === "Identifier" && !isLocal(root.name, scope) ? root.name : undefined
}

/**
 * The import() in `{ run: () => import("./fit.run.ts") }`, also if `run` is a function with a block that returns it.
 */
const bodyIn = (declaration: Syntax | undefined): Syntax | undefined => {
  if (declaration?.type !== "ObjectExpression") return undefined
  const run = declaration.properties.findLast(
    (each) => each.type === "Property" && keyOf(each.key, each.computed) === "run",
  )
  if (run?.type !== "Property" || !("body" in run.value)) return undefined
  const body = run.value.body as Syntax | null
  const only = body?.type === "BlockStatement" && body.body.length === 1 ? body.body[0] : undefined
  const given = only?.type === "ReturnStatement" ? only.argument : body
  const loaded = given?.type === "AwaitExpression" ? given.argument : given
  return loaded?.type === "ImportExpression" ? loaded : undefined
}

/** Reports the names that an assignment changes. */
const target = (node: Syntax, scope: Scope, tell: Tell): void => {
  switch (node.type) {
    case "ArrayPattern":
      for (const each of node.elements) if (each !== null) target(each, scope, tell)
      return
    case "ObjectPattern":
      for (const each of node.properties) {
        if (each.type === "Property" && each.computed) visit(each.key, scope, tell)
        target(each.type === "Property" ? each.value : each, scope, tell)
      }
      return
    case "AssignmentPattern":
      target(node.left, scope, tell)
      return visit(node.right, scope, tell)
    case "RestElement":
      return target(node.argument, scope, tell)
    default:
      return named(node, "write", nothing, scope, tell)
  }
}

/** The expressions inside a pattern that declares names: defaults and computed keys. */
const within = (pattern: Syntax): ReadonlyArray<Syntax> => {
  switch (pattern.type) {
    case "ObjectPattern":
      return pattern.properties.flatMap((each) =>
        each.type === "Property" ? [...(each.computed ? [each.key] : []), ...within(each.value)] : within(each),
      )
    case "ArrayPattern":
      return pattern.elements.flatMap((each) => (each === null ? [] : within(each)))
    case "AssignmentPattern":
      return [...within(pattern.left), pattern.right]
    case "RestElement":
      return within(pattern.argument)
    default:
      return []
  }
}

/** The parts of a node in which a name is a use. The names of members, labels, imports and types are not uses. */
const expressionsOf = (node: Syntax): ReadonlyArray<Syntax> => {
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSInstantiationExpression":
    case "TSTypeAssertion":
      return [node.expression]
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty":
      return [...(node.computed ? [node.key] : []), ...(node.value === null ? [] : [node.value])]
    case "LabeledStatement":
      return [node.body]
    case "ExportNamedDeclaration":
      return node.declaration === null ? [] : [node.declaration]
    case "BreakStatement":
    case "ContinueStatement":
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      return []
    default:
      return node.type.startsWith("TS")
        ? []
        : childrenOf(node).filter(
            ({ type }) => !type.startsWith("TS") || type.endsWith("Expression") || type === "TSTypeAssertion",
          )
  }
}
