// Checks that a file is JavaScript after its types are removed. Node removes the types and transforms nothing else.
// Knows nothing about modules.
import { CodeFault } from "./fault.ts"
import { childrenOf, type Syntax } from "./syntax.ts"

/** Syntax that Node cannot run after it removes the types, and how to write the code instead. */
const replacements: { readonly [type: string]: readonly [what: string, cure: string] } = {
  TSEnumDeclaration: ["An enum", "Write an object with `as const`"],
  TSModuleDeclaration: ["A namespace with values", "Write a module"],
  TSParameterProperty: ["A parameter that declares a member", "Declare the member, and set it in the constructor"],
  TSImportEqualsDeclaration: ["An `import … =`", "Write `import … from`"],
  TSExportAssignment: ["An `export =`", "Write `export default`"],
  Decorator: ["A decorator", "Call it as a function"],
}
const mayHold = /\b(?:enum|namespace|module|public|private|protected|readonly|override)\b|@|=\s*require|export\s*=/

/** Throws a CodeFault if a file has TypeScript syntax that is more than types. */
export const refuseSyntax = (file: string, text: string, body: ReadonlyArray<Syntax>): void => {
  if (!mayHold.test(text)) return
  for (const node of body) {
    const found = unerasable(node)
    if (found === undefined) continue
    const [what, cure] = replacements[found.type]!
    throw new CodeFault(file, text, found.start, `${what} is more than a type, and Node does not run it. ${cure}.`)
  }
}

const unerasable = (node: Syntax): Syntax | undefined => {
  if ("declare" in node && node.declare === true) return undefined
  if (node.type === "TSModuleDeclaration" && !childrenOf(node).some(holdsValues)) return undefined
  if (Object.hasOwn(replacements, node.type)) return node
  for (const child of childrenOf(node)) {
    const found = unerasable(child)
    if (found !== undefined) return found
  }
  return undefined
}

const holdsValues = (node: Syntax): boolean => {
  if (node.type === "TSModuleBlock") return node.body.some(holdsValues)
  if (node.type === "ExportNamedDeclaration") return node.declaration !== null && holdsValues(node.declaration)
  return node.type !== "Identifier" && !(node.type.startsWith("TS") && node.type !== "TSEnumDeclaration")
}
