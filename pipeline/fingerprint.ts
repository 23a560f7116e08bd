// What does the code behind an export do? The digest of its tree-shaken bundle, declaration and body, with
// comments, types, layout and local names taken away; and the packages it reaches. Bundles only what it has
// not seen: a memo leads from the digests of the files in the closure to the fingerprint, so that a newer
// bundler reruns nothing. Refuses to know params, inputs and keys.
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Schema } from "effect"
import { replace } from "../cache/beside.ts"
import { Digest, digestOf, type Data } from "../cache/digest.ts"
import type { AnyStage } from "./node.ts"
import { installedFor, type Installed, type Packages } from "./packages.ts"

export interface Code {
  readonly digest: Digest
  /** Packages that the code itself imports. */
  readonly imports: ReadonlyArray<string>
  /** Those and all they reach. */
  readonly packages: Packages
}

const Known = Schema.Struct({
  digest: Digest,
  imports: Schema.Array(Schema.String),
  /** Path from the project's root to the digest of the file. */
  files: Schema.Record(Schema.String, Digest),
})
type Known = typeof Known.Type
const Memo = Schema.fromJsonString(Schema.Record(Schema.String, Known))

export interface Fingerprints {
  /** The code of a stage under some params. Dies where the file does not bundle: it was loaded before. */
  readonly of: (stage: AnyStage, params: Data) => Effect.Effect<Code>
  /** Whether the files of a stage, of which the code was asked before, are still what they were then. */
  readonly unchanged: (stage: AnyStage) => Effect.Effect<boolean>
  /** The code behind any export: of a spec, its stages' bodies and its page included. */
  readonly ofExport: (module: string, name: string) => Effect.Effect<Code>
}

/** Fingerprints with a memo in `file`; a memo that cannot be read is as good as none. */
export const fingerprints = (file: string): Fingerprints => {
  const memo = new Map(Object.entries(readMemo(file)))
  const pending = new Map<string, Promise<Known>>()
  const codeFor = async (module: string, name: string, optional: ReadonlyArray<string>): Promise<Code> => {
    const installed = installedFor(dirname(fileURLToPath(module)))
    const id = idOf(module, name, installed)
    const known = pending.get(id) ?? find(id, installed, memo, file)
    pending.set(id, known)
    return codeOf(await known, installed, optional)
  }
  // Thousands of nodes share a few stages.
  const codes = new Map<string, Promise<Code>>()
  const ofExport = (module: string, name: string, optional: ReadonlyArray<string> = []): Effect.Effect<Code> =>
    Effect.promise(() => {
      const key = `${module}#${name} ${optional.join(" ")}`
      const code = codes.get(key) ?? codeFor(module, name, optional)
      codes.set(key, code)
      return code
    })
  const stillThere = (stage: AnyStage): Effect.Effect<boolean> =>
    Effect.promise(async () => {
      const installed = installedFor(dirname(fileURLToPath(stage.module)))
      const known = await pending.get(idOf(stage.module, stage.name, installed))
      return known !== undefined && unchanged(known, installed, digestOfFile)
    })
  return { of: (stage, params) => ofExport(stage.module, stage.name, stage.optionalPackages(params)), ofExport, unchanged: stillThere }
}

const idOf = (module: string, name: string, { root }: Installed): string => `${relative(root, fileURLToPath(module))}#${name}`

const find = async (id: string, installed: Installed, memo: Map<string, Known>, file: string): Promise<Known> => {
  const known = memo.get(id)
  if (known !== undefined && unchanged(known, installed, digestOnce)) return known
  const [path, name] = [id.slice(0, id.lastIndexOf("#")), id.slice(id.lastIndexOf("#") + 1)]
  const { bundle } = await import("./bundle.ts") // the bundler is slow to load and seldom needed
  const { code, imports, files } = await bundle(join(installed.root, path), name)
  const fresh: Known = {
    digest: digestOf(code),
    imports: [...imports],
    files: Object.fromEntries(files.map((each) => [relative(installed.root, each), digestOf(readFileSync(each))])),
  }
  memo.set(id, fresh)
  writeMemo(file, memo)
  return fresh
}

const codeOf = (known: Known, installed: Installed, optional: ReadonlyArray<string>): Code => ({
  digest: known.digest,
  imports: known.imports,
  packages: installed.closure([...known.imports.filter((name) => !installed.optional.has(name)), ...optional]),
})

const digestOfFile = (path: string): Digest | undefined => (existsSync(path) ? digestOf(readFileSync(path)) : undefined)

// The stages of a spec share most of their files.
const fileDigests = new Map<string, Digest | undefined>()
const digestOnce = (path: string): Digest | undefined => {
  if (!fileDigests.has(path)) fileDigests.set(path, digestOfFile(path))
  return fileDigests.get(path)
}

const unchanged = (known: Known, { root }: Installed, digest: (path: string) => Digest | undefined): boolean =>
  Object.entries(known.files).every(([path, before]) => digest(join(root, path)) === before)

const readMemo = (file: string): { readonly [id: string]: Known } => {
  try {
    return Schema.decodeSync(Memo)(readFileSync(file, "utf8"))
  } catch {
    return {}
  }
}

const writeMemo = (file: string, memo: ReadonlyMap<string, Known>): void => replace(file, Schema.encodeSync(Memo)(Object.fromEntries(memo)))
