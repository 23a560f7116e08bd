// Splits a module of the project into its statements, with the names that each statement declares and uses, and into
// its imports and exports. Uses only the text. Knows nothing about which statements are needed.
import { readFileSync } from "node:fs"
import { extname } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { refuseSyntax } from "./erasable.ts"
import { CodeFault } from "./fault.ts"
import { declaredIn, hoistedIn } from "./scope.ts"
import { namesIn, parse, type Syntax } from "./syntax.ts"
import { usesIn, type Use } from "./uses.ts"

/** A name in another module; `*` is the whole module. */
export interface Elsewhere {
  readonly specifier: string
  readonly name: string
}

export interface Statement {
  readonly module: Module
  readonly node: Syntax
  readonly declares: ReadonlyArray<string>
  readonly uses: ReadonlyArray<Use>
}

export interface Module {
  /** The path of the file, followed by the query of the import. */
  readonly id: string
  readonly file: string
  readonly text: string
  /** All nodes at the top level, including imports. */
  readonly body: ReadonlyArray<Syntax>
  readonly statements: ReadonlyArray<Statement>
  /** For each declared name: the statement that declares it. */
  readonly declared: ReadonlyMap<string, Statement>
  readonly imported: ReadonlyMap<string, Elsewhere>
  /** For each exported name: a name in this module, or a name in another module. */
  readonly exported: ReadonlyMap<string, string | Elsewhere>
  /** The specifiers of modules from which everything is exported (`export *`). */
  readonly stars: ReadonlyArray<string>
  /** The specifiers of all imports and re-exports, in order. */
  readonly specifiers: ReadonlyArray<string>
  /** Whether the file is kept as a whole: true for JSON and CommonJS. */
  readonly whole: boolean
  readonly commonjs: boolean
}

/** The name of a default export in its own module. It is a reserved word, so no declared name can equal it. */
export const defaultName = "default"

/** Reads a module by its id. */
export const readModule = (id: string): Module => {
  const file = fileOf(id)
  // Removes the byte order mark, as Node does.
  const text = readFileSync(file, "utf8").replace(/^\ufeff/, "")
  if (isJson({ file })) return jsonOf(id, file, text)
  if (!/\.[cm]?[jt]s$/.test(file))
    throw new CodeFault(
      file,
      text,
      0,
      `Node does not load a ${extname(file)} file as code. Declare it as a source, and take its bytes as an input.`,
    )
  const { program, wrong } = parse(text, file)
  if (wrong !== undefined) throw new CodeFault(file, text, wrong.start, `This code does not parse: ${wrong.message}.`)
  refuseSyntax(file, text, program.body)
  const commonjs =
    /\.c[jt]s$/.test(file) ||
    (!program.body.some(isLink) && /\b(require|module|exports)\b/.test(text) && file.endsWith(".js"))
  return commonjs ? wholeOf(id, file, text, program.body, true) : esModule(id, file, text, program.body)
}

const jsonOf = (id: string, file: string, text: string): Module => {
  try {
    JSON.parse(text)
  } catch (cause) {
    throw new CodeFault(file, text, 0, `This is not JSON: ${(cause as Error).message}.`)
  }
  return wholeOf(id, file, text, [{ type: "EmptyStatement", start: 0, end: 0 }], false)
}

/** The path of the file that a module id refers to. */
export const fileOf = (id: string): string => id.replace(/\?.*$/s, "").replaceAll("%3F", "?").replaceAll("%25", "%")

/** The module id of a file URL. */
export const idOf = (url: string): string => {
  const { search } = new URL(url)
  return fileURLToPath(url).replaceAll("%", "%25").replaceAll("?", "%3F") + search
}

/** The URL of the file that a module id refers to. */
export const urlOf = (id: string): string => pathToFileURL(fileOf(id)).href

/** Whether a module is a file of JSON. */
export const isJson = ({ file }: Pick<Module, "file">): boolean => file.endsWith(".json")

const isLink = ({ type }: Syntax): boolean =>
  type === "ImportDeclaration" || (type.startsWith("Export") && type.endsWith("Declaration"))

const wholeOf = (id: string, file: string, text: string, body: ReadonlyArray<Syntax>, commonjs: boolean): Module => {
  const statements: Array<Statement> = []
  const none = { declared: new Map(), imported: new Map(), exported: new Map(), stars: [], specifiers: [] }
  const module: Module = { id, file, text, body, statements, ...none, whole: true, commonjs }
  for (const node of body) statements.push({ module, node, declares: declaredIn(node), uses: usesIn(node) })
  return module
}

const esModule = (id: string, file: string, text: string, body: ReadonlyArray<Syntax>): Module => {
  const statements: Array<Statement> = []
  const declared = new Map<string, Statement>()
  const imported = new Map<string, Elsewhere>()
  const exported = new Map<string, string | Elsewhere>()
  const stars: Array<string> = []
  const specifiers: Array<string> = []
  const names = { declared, imported, exported, stars, specifiers }
  const module: Module = { id, file, text, body, statements, ...names, whole: false, commonjs: false }
  for (const node of body) {
    if (isOfTypes(node)) continue
    if ("source" in node && node.source !== null && typeof node.source === "object" && "value" in node.source)
      specifiers.push(String(node.source.value))
    switch (node.type) {
      case "ImportDeclaration":
        for (const each of node.specifiers)
          if (!("importKind" in each && each.importKind === "type"))
            imported.set(each.local.name, { specifier: node.source.value, name: importedName(each) })
        continue
      case "ExportAllDeclaration":
        if (node.exported === null) stars.push(node.source.value)
        else exported.set(nameOf(node.exported), { specifier: node.source.value, name: "*" })
        continue
      case "ExportNamedDeclaration":
        for (const each of node.specifiers) {
          if ("exportKind" in each && each.exportKind === "type") continue
          exported.set(
            nameOf(each.exported),
            node.source === null ? nameOf(each.local) : { specifier: node.source.value, name: nameOf(each.local) },
          )
        }
        if (node.declaration === null) continue
    }
    const statement: Statement = { module, node, declares: namesOf(node), uses: usesIn(node) }
    statements.push(statement)
    for (const name of statement.declares) declared.set(name, statement)
    if (node.type === "ExportNamedDeclaration") for (const name of statement.declares) exported.set(name, name)
    if (node.type === "ExportDefaultDeclaration") exported.set("default", statement.declares[0]!)
  }
  return module
}

const isOfTypes = (node: Syntax): boolean =>
  node.type.startsWith("TS") ||
  ("importKind" in node && node.importKind === "type") ||
  ("exportKind" in node && node.exportKind === "type")

const namesOf = (node: Syntax): ReadonlyArray<string> => {
  const names = [...declaredIn(node), ...hoistedIn(node)]
  return node.type === "ExportDefaultDeclaration" && names.length === 0 ? [defaultName] : names
}

const nameOf = (node: Syntax): string =>
  node.type === "Identifier" ? node.name : node.type === "Literal" ? String(node.value) : namesIn(node)[0]!

/** The name that an import takes from a module; `*` is the whole module. */
export const importedName = (specifier: Syntax): string => {
  if (specifier.type === "ImportNamespaceSpecifier") return "*"
  return specifier.type === "ImportSpecifier" ? nameOf(specifier.imported) : "default"
}
