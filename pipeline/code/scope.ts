// Finds the names that a part of a module declares for itself: the scopes of JavaScript below the top level of a
// module. Knows nothing about the meaning of a name that none of these scopes declares.
import { childrenOf, isFunction, namesIn, type Syntax } from "./syntax.ts"

/** The names that are declared around a place, below the top level of the module. The nearest scope comes first. */
export interface Scope {
  readonly names: ReadonlySet<string>
  readonly outer: Scope | undefined
}

/** The scope at the top level of a module, which has no local names. */
export const top: Scope = { names: new Set(), outer: undefined }

/** Whether a name is declared around a place, below the top level of the module. */
export const isLocal = (name: string, scope: Scope): boolean => {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) if (each.names.has(name)) return true
  return false
}

/** The scope inside a node: a new scope if the node declares names, otherwise the outer scope. */
export const scopeIn = (node: Syntax, outer: Scope): Scope => {
  const names = declaredBy(node)
  return names.length === 0 ? outer : { names: new Set(names), outer }
}

/** The names that one statement declares in the block where it stands. */
export const declaredIn = (statement: Syntax): ReadonlyArray<string> => {
  switch (statement.type) {
    case "VariableDeclaration":
      return statement.declarations.flatMap(({ id }) => namesIn(id))
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return statement.id === null ? [] : [statement.id.name]
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return statement.declaration === null ? [] : declaredIn(statement.declaration)
    default:
      return []
  }
}

/** The names that `var` declares inside a node. They belong to the function or the module around the node. */
export const hoistedIn = (node: Syntax): ReadonlyArray<string> =>
  isFunction(node)
    ? []
    : childrenOf(node).flatMap((child) => {
        if (!holdsStatements(child)) return []
        const own = child.type === "VariableDeclaration" && child.kind === "var" ? declaredIn(child) : []
        return [...own, ...hoistedIn(child)]
      })

const declaredBy = (node: Syntax): ReadonlyArray<string> => {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression": {
      // The name of a function declaration belongs to the outer scope; the name of a function expression to the inner
      // scope.
      const own = node.id === null || node.type === "FunctionDeclaration" ? [] : [node.id.name]
      const implicit = node.type === "ArrowFunctionExpression" ? [] : ["arguments"]
      return [...own, ...implicit, ...node.params.flatMap(namesIn), ...(node.body === null ? [] : hoistedIn(node.body))]
    }
    case "BlockStatement":
    case "StaticBlock":
      return node.body.flatMap(declaredIn)
    case "SwitchStatement":
      return node.cases.flatMap((each) => each.consequent).flatMap(declaredIn)
    case "ForStatement":
      return node.init === null ? [] : declaredIn(node.init)
    case "ForInStatement":
    case "ForOfStatement":
      return declaredIn(node.left)
    case "CatchClause":
      return node.param === null ? [] : namesIn(node.param)
    case "ClassExpression":
      return node.id === null ? [] : [node.id.name]
    default:
      return []
  }
}

// Most nodes of a tree are expressions. An expression declares no variable outside of its own functions.
const holdsStatements = ({ type }: Syntax): boolean =>
  ["Statement", "Declaration", "Case", "Clause"].some((ending) => type.endsWith(ending))
