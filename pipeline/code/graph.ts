// Finds the statements that a name leads to. Treats the modules of a project as one graph, and follows a use through
// imports and re-exports to the statements that declare the name. Reads each module once. Knows nothing about which
// statements must be kept.
import { statSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { canLeadElsewhere, type Asked } from "./bare-import.ts"
import { defaultName, fileOf, idOf, readModule, urlOf, type Elsewhere, type Module, type Statement } from "./module.ts"
import { isPackageFile } from "./packages.ts"
import { leadsTo } from "./resolve.ts"

/** Where a specifier leads: to a module of the project, into a package, or to a Node module. */
export type Place =
  | { readonly _tag: "Project"; readonly id: string }
  | { readonly _tag: "Package"; readonly specifier: string; readonly url: string }
  | { readonly _tag: "Builtin"; readonly specifier: string }
  /** The specifier leads nowhere now. Code that loads it gets the error from Node. */
  | { readonly _tag: "Missing"; readonly specifier: string }

/** The meaning of a name. */
export type Meaning =
  /** `name` is the name that the statement declares. */
  | { readonly _tag: "Statement"; readonly statement: Statement; readonly name: string }
  /** All exports of a module. */
  | { readonly _tag: "Namespace"; readonly module: Module }
  /** A value of a package or of a Node module. `path` begins with the name of the export. */
  | {
      readonly _tag: "Outside"
      readonly place: Exclude<Place, { _tag: "Project" }>
      readonly path: ReadonlyArray<string>
    }
  | { readonly _tag: "Global"; readonly name: string }

export class Graph {
  readonly #modules = new Map<string, Module>()
  readonly #places = new Map<string, Place>()
  /** The keys are the questions as text. The folders are absolute paths. */
  readonly #asked = new Map<string, Asked>()

  /** Every module that was read. */
  get modules(): ReadonlyArray<Module> {
    return [...this.#modules.values()]
  }

  /** Every file that was read. */
  get files(): ReadonlyArray<string> {
    return [...new Set([...this.#modules.values()].map(({ file }) => file))]
  }

  module(id: string): Module {
    const known = this.#modules.get(id) ?? readModule(id)
    this.#modules.set(id, known)
    return known
  }

  /** The specifiers that were resolved, with their folders, if the answer can change when other files appear. */
  get asked(): ReadonlyArray<Asked> {
    return [...this.#asked.values()]
  }

  /** Where an import in a module leads. */
  place(from: Module, specifier: string, by: "import" | "require" = "import"): Place {
    const asked = `${by} ${from.id} ${specifier}`
    const known = this.#places.get(asked) ?? placeOf(from, specifier, by)
    this.#places.set(asked, known)
    const folder = dirname(from.file)
    if (canLeadElsewhere(by, specifier)) this.#asked.set(`${by} ${specifier} ${folder}`, { by, specifier, folder })
    return known
  }

  /** The meaning of a name in a module. */
  meaning(module: Module, name: string): Meaning {
    const statement = module.declared.get(name)
    if (statement !== undefined) return { _tag: "Statement", statement, name }
    const elsewhere = module.imported.get(name)
    return elsewhere === undefined ? { _tag: "Global", name } : this.elsewhere(module, elsewhere)
  }

  /** The meaning of an import or a re-export of a module. */
  elsewhere(module: Module, { specifier, name }: Elsewhere): Meaning {
    const place = this.place(module, specifier)
    if (place._tag !== "Project") return { _tag: "Outside", place, path: name === "*" ? [] : [name] }
    const target = this.module(place.id)
    return name === "*" || target.whole
      ? { _tag: "Namespace", module: target }
      : (this.exported(target, name) ?? { _tag: "Outside", place: { _tag: "Missing", specifier }, path: [name] })
  }

  /** The meaning of an exported name of a module; undefined if the module does not export the name. */
  exported(module: Module, name: string, seen: ReadonlySet<Module> = new Set()): Meaning | undefined {
    const own = module.exported.get(name)
    if (typeof own === "string")
      return own === defaultName
        ? { _tag: "Statement", statement: module.declared.get(own)!, name: own }
        : this.meaning(module, own)
    if (own !== undefined) return this.elsewhere(module, own)
    if (name === "default" || seen.has(module)) return undefined
    for (const specifier of module.stars) {
      const place = this.place(module, specifier)
      const found =
        place._tag === "Project" ? this.exported(this.module(place.id), name, new Set([...seen, module])) : undefined
      if (found !== undefined) return found
    }
    const outside = module.stars
      .map((specifier) => this.place(module, specifier))
      .find((place) => place._tag !== "Project")
    return outside === undefined ? undefined : { _tag: "Outside", place: outside, path: [name] }
  }

  /** The names that a module exports. */
  names(module: Module, seen: ReadonlySet<Module> = new Set()): ReadonlySet<string> {
    if (seen.has(module)) return new Set()
    const behind = module.stars.flatMap((specifier) => {
      const place = this.place(module, specifier)
      return place._tag === "Project"
        ? [...this.names(this.module(place.id), new Set([...seen, module]))].filter((name) => name !== "default")
        : []
    })
    return new Set([...module.exported.keys(), ...behind])
  }
}

const placeOf = (from: Module, specifier: string, by: "import" | "require"): Place => {
  if (isBuiltin(specifier))
    return { _tag: "Builtin", specifier: specifier.startsWith("node:") ? specifier : `node:${specifier}` }
  const url = leadsTo(by, specifier, urlOf(from.id))
  if (url === undefined) return { _tag: "Missing", specifier }
  if (isBuiltin(url)) return { _tag: "Builtin", specifier: url }
  if (!url.startsWith("file:")) return { _tag: "Missing", specifier }
  if (isPackageFile(fileURLToPath(url))) return { _tag: "Package", specifier, url }
  // Node resolves a path without checking that a file exists there.
  const isFile = statSync(fileOf(idOf(url)), { throwIfNoEntry: false })?.isFile() === true
  return isFile ? { _tag: "Project", id: idOf(url) } : { _tag: "Missing", specifier }
}
