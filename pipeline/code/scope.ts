// What does a name mean where it is used: something of its own module, an import, or what all modules share?
// The scopes of JavaScript modules. Refuses to know what is done with a name.
import { isBuiltin } from "node:module"
import { childrenOf, namesIn, type Syntax } from "./syntax.ts"

export type Meaning =
  | { readonly _tag: "Global" }
  /** `path` leads from the module to the thing: ["node:fs", "readFileSync"]. */
  | { readonly _tag: "Imported"; readonly path: ReadonlyArray<string> }
  | { readonly _tag: "Local" }
  /** A variable of the module that can be assigned to. */
  | { readonly _tag: "Variable" }

const local: Meaning = { _tag: "Local" }
const variable: Meaning = { _tag: "Variable" }

/** Where names are declared: those of its own first, then those around it. */
export interface Scope {
  readonly names: ReadonlyMap<string, Meaning>
  readonly outer: Scope | undefined
  readonly inFunction: boolean
}

/** What a name means in a scope. */
export const meaningOf = (name: string, scope: Scope): Meaning => {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) {
    const meaning = each.names.get(name)
    if (meaning !== undefined) return meaning
  }
  return { _tag: "Global" }
}

/** The scope of what is inside a node: a new one, or that around it. */
export const scopeIn = (node: Syntax, outer: Scope): Scope => {
  const names = declaredBy(node)
  const opensFunction = isFunction(node)
  return names.length === 0 && !opensFunction ? outer : { names: new Map(names), outer, inFunction: outer.inFunction || opensFunction }
}

/** What is declared nowhere. */
export const noScope: Scope = { names: new Map(), outer: undefined, inFunction: false }

/** The way from a module to what an import of it gives; the parts of Node and Effect have one name each. */
export const moduleOf = (specifier: string): ReadonlyArray<string> => {
  const [first, ...rest] = (isBuiltin(specifier) ? specifier.replace(/^node:/, "") : specifier).split("/")
  if (!isBuiltin(specifier)) return first === "effect" ? [first, ...rest] : [specifier]
  return first === "process" ? [first] : [`node:${first}`, ...rest]
}

type Declared = ReadonlyArray<readonly [name: string, meaning: Meaning]>

const declaredBy = (node: Syntax): Declared => {
  switch (node.type) {
    case "Program":
      return [...hoisted(node).map((name) => [name, variable] as const), ...node.body.flatMap((each) => declared(each, variable))]
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return asLocals([...(node.id === null ? [] : [node.id.name]), ...node.params.flatMap(namesIn), ...(node.body === null ? [] : hoisted(node.body))])
    case "BlockStatement":
    case "StaticBlock":
      return node.body.flatMap((each) => declared(each, local))
    case "SwitchStatement":
      return node.cases.flatMap((each) => each.consequent).flatMap((each) => declared(each, local))
    case "ForStatement":
      return node.init === null ? [] : declared(node.init, local)
    case "ForInStatement":
    case "ForOfStatement":
      return declared(node.left, local)
    case "CatchClause":
      return node.param === null ? [] : asLocals(namesIn(node.param))
    case "ClassExpression":
      return node.id === null ? [] : asLocals([node.id.name])
    default:
      return []
  }
}

const asLocals = (names: ReadonlyArray<string>): Declared => names.map((name) => [name, local])

/** What one statement declares in the block it stands in. */
const declared = (statement: Syntax, assignable: Meaning): Declared => {
  switch (statement.type) {
    case "VariableDeclaration":
      return statement.declarations.flatMap(({ id }) => namesIn(id)).map((name) => [name, statement.kind === "let" || statement.kind === "var" ? assignable : local])
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return statement.id === null ? [] : asLocals([statement.id.name])
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return statement.declaration === null ? [] : declared(statement.declaration, assignable)
    case "ImportDeclaration":
      return statement.specifiers.map((each) => [each.local.name, { _tag: "Imported", path: [...moduleOf(statement.source.value), ...importedName(each)] }])
    default:
      return []
  }
}

// A default import of a part of Node is the same as all of it.
const importedName = (specifier: Syntax): ReadonlyArray<string> => {
  if (specifier.type !== "ImportSpecifier") return []
  const name = specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value
  return name === "default" ? [] : [name]
}

/** The names declared by `var` inside a node, which belong to the function around it. */
const hoisted = (node: Syntax): ReadonlyArray<string> =>
  childrenOf(node).flatMap((child) => {
    if (isFunction(child) || !holdsStatements(child)) return []
    const own = child.type === "VariableDeclaration" && child.kind === "var" ? child.declarations.flatMap(({ id }) => namesIn(id)) : []
    return [...own, ...hoisted(child)]
  })

const isFunction = ({ type }: Syntax): boolean => type === "FunctionDeclaration" || type.endsWith("FunctionExpression")

// Expressions are most of a tree, and none declares a variable outside of its functions.
const holdsStatements = ({ type }: Syntax): boolean => ["Statement", "Declaration", "Case", "Clause"].some((ending) => type.endsWith(ending))
