// Parses code into its syntax tree and its comments, with the parser that the bundler ships. Knows nothing about the
// meaning of names.
import { parseSync, type ESTree } from "rolldown/utils"

export type Syntax = ESTree.Node

interface Comment {
  readonly text: string
  readonly start: number
}

export interface Parsed {
  readonly program: ESTree.Program
  readonly comments: ReadonlyArray<Comment>
  /** Where the text does not parse, and why; undefined if the text parses. */
  readonly wrong: { readonly start: number; readonly message: string } | undefined
}

/** The syntax tree of a text. The file extension gives the language. */
export const parse = (text: string, file: string): Parsed => {
  const known = parsed.get(file)
  if (known?.text === text) return known.as
  const { program, comments, errors } = parseSync(file, text)
  const [error] = errors
  const wrong = error && { start: error.labels[0]?.start ?? 0, message: error.message }
  const as = { program, comments: comments.map(({ value, start }) => ({ text: value, start })), wrong }
  parsed.set(file, { text, as })
  return as
}
// Stages share most of their files, and parsing is most of the work, so each parsed file is kept.
const parsed = new Map<string, { readonly text: string; readonly as: Parsed }>()

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

/** Whether a node is a function: a declaration, an expression, an arrow. */
export const isFunction = ({ type }: Syntax): boolean =>
  type === "FunctionDeclaration" || type.endsWith("FunctionExpression")

/** The direct children of a node, in the order of the text. */
export const childrenOf = (node: Syntax): ReadonlyArray<Syntax> => {
  const children: Array<Syntax> = []
  for (const field in node) {
    const value: unknown = node[field as keyof Syntax]
    if (Array.isArray(value)) children.push(...value.filter(isSyntax))
    else if (isSyntax(value)) children.push(value)
  }
  return children
}

/** The text of a string literal, or of a template without expressions; undefined for any other node. */
export const textOf = (node: Syntax): string | undefined => {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined
  if (node.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0]!.value.cooked ?? undefined
  return undefined
}

/** The name of a member, a property or a part of a pattern; undefined if the code computes the name. */
export const keyOf = (key: Syntax, computed: boolean): string | undefined =>
  !computed && key.type === "Identifier" ? key.name : textOf(key)

/** The names that a pattern declares or assigns to. */
export const namesIn = (pattern: Syntax): ReadonlyArray<string> => {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name]
    case "ObjectPattern":
      return pattern.properties.flatMap((each) => namesIn(each.type === "Property" ? each.value : each))
    case "ArrayPattern":
      return pattern.elements.flatMap((each) => (each === null ? [] : namesIn(each)))
    case "AssignmentPattern":
      return namesIn(pattern.left)
    case "RestElement":
      return namesIn(pattern.argument)
    default:
      return []
  }
}
