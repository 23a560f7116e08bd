// What does the code behind an export do? The digest of its tree-shaken bundle, declaration and body, with
// comments, types, layout and local names taken away; and the packages it reaches. Bundles only what it has
// not seen: a memo leads from the digests of the files in the closure to the fingerprint, so that a newer
// bundler reruns nothing. Refuses to know params, inputs and keys.
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { getSystemErrorName, stripVTControlCharacters } from "node:util"
import { Effect, Option, Schema } from "effect"
import { replace } from "../../cache/beside.ts"
import { attemptPromise, systemCode } from "../../cache/border.ts"
import { Digest, digestOf, type Data } from "../../cache/digest.ts"
import { hasRested, look } from "../../cache/memo.ts"
import { seal, unseal } from "../../cache/seal.ts"
import { SpecError } from "../error.ts"
import type { AnyStage } from "../node.ts"
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
// A changed bit would give a stage the code of another: what is not as it was written is bundled again.
const memoKind = "fingerprints 1"

export interface Fingerprints {
  /**
   * The code of a stage under some params. Fails where it reaches code that cannot be followed; dies where the file
   * does not bundle, since it was loaded before.
   */
  readonly of: (stage: AnyStage, params: Data) => Effect.Effect<Code, SpecError>
  /** Whether the files of a stage, of which the code was asked before, are still what they were then. */
  readonly unchanged: (stage: AnyStage) => Effect.Effect<boolean>
  /** The code behind any export: of a spec, its stages' bodies and its page included. */
  readonly ofExport: (module: string, name: string) => Effect.Effect<Code>
}

/** Fingerprints with a memo in `file`; a memo that cannot be read is as good as none. */
export const fingerprints = (file: string): Fingerprints => {
  const memo = new Map(Object.entries(readMemo(file)))
  const pending = new Map<string, Promise<Known>>()
  const codeFor = async (module: string, name: string, optional: ReadonlyArray<string>, stage?: AnyStage): Promise<Code> => {
    const installed = installedFor(dirname(fileURLToPath(module)))
    const id = idOf(module, name, installed)
    const known = pending.get(id) ?? find(id, installed, memo, file, stage)
    pending.set(id, known)
    return codeOf(await known, installed, optional)
  }
  // Thousands of nodes share a few stages.
  const codes = new Map<string, Promise<Code>>()
  const ofExport = (module: string, name: string, optional: ReadonlyArray<string> = [], stage?: AnyStage): Effect.Effect<Code> =>
    reading(module, async () => {
      const key = `${module}#${name} ${optional.join(" ")}`
      const code = codes.get(key) ?? codeFor(module, name, optional, stage)
      codes.set(key, code)
      return await code
    })
  const of = (stage: AnyStage, params: Data): Effect.Effect<Code, SpecError> =>
    Effect.catchDefect(ofExport(stage.module, stage.name, stage.optionalPackages(params), stage), (defect) => (defect instanceof SpecError ? Effect.fail(defect) : Effect.die(defect)))
  const stillThere = (stage: AnyStage): Effect.Effect<boolean> =>
    reading(stage.module, async () => {
      const installed = installedFor(dirname(fileURLToPath(stage.module)))
      const known = await pending.get(idOf(stage.module, stage.name, installed))
      return known !== undefined && unchanged(known, installed)
    })
  return { of, ofExport, unchanged: stillThere }
}

// Trouble of the system is no fault of the code: it ends the command, and is told as what it is.
const reading = <A>(module: string, read: () => Promise<A>): Effect.Effect<A> => Effect.orDie(attemptPromise(fileURLToPath(module), read))

const idOf = (module: string, name: string, { root }: Installed): string => `${relative(root, fileURLToPath(module))}#${name}`

const find = async (id: string, installed: Installed, memo: Map<string, Known>, file: string, stage?: AnyStage): Promise<Known> => {
  const known = memo.get(id)
  if (known !== undefined && unchanged(known, installed)) return known
  const [path, name] = [id.slice(0, id.lastIndexOf("#")), id.slice(id.lastIndexOf("#") + 1)]
  const { bundle } = await import("./bundle.ts") // the bundler is slow to load and seldom needed
  const { code, imports, files } = await bundle(join(installed.root, path), name).catch((cause: unknown) => { throw answered(cause) })
  if (stage !== undefined) await (await import("./blind.ts")).refuseBlind(stage, code)
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

// The stages of a spec share most of their files, and they are asked for again after every node.
const digests = new Map<string, { readonly stamp: string; readonly digest: Digest }>()
const digestOfFile = (path: string): Digest | undefined => {
  const seen = look(path)
  if (seen === undefined) return undefined
  const known = digests.get(path)
  if (known?.stamp === seen.stamp) return known.digest
  const digest = digestOf(readFileSync(path))
  if (hasRested(seen, Date.now())) digests.set(path, { stamp: seen.stamp, digest })
  return digest
}

const unchanged = (known: Known, { root }: Installed): boolean => Object.entries(known.files).every(([path, before]) => digestOfFile(join(root, path)) === before)

const readMemo = (file: string): { readonly [id: string]: Known } => {
  try {
    return Option.match(unseal(memoKind, readFileSync(file, "utf8")), { onNone: () => ({}), onSome: Schema.decodeSync(Memo) })
  } catch {
    return {}
  }
}

// The bundler tells what the system answered in words only.
const answered = (cause: unknown): unknown => {
  const [line, number] = /.*\(os error (\d+)\)/.exec(stripVTControlCharacters(String(cause))) ?? []
  return number === undefined ? cause : Object.assign(new Error(line, { cause }), { syscall: "open", code: getSystemErrorName(-Number(number)) })
}

// Without it the next start is slower, which is no reason to fail.
const writeMemo = (file: string, memo: ReadonlyMap<string, Known>): void => {
  if (!existsSync(dirname(file))) return // a store that has gone does not come to be anew by its memo
  try {
    replace(file, seal(memoKind, Schema.encodeSync(Memo)(Object.fromEntries(memo))))
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
  }
}
