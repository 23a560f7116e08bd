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
import { seal, unseal } from "../../cache/seal.ts"
import { SpecError } from "../error.ts"
import type { AnyStage } from "../node.ts"
import { filesAt, hold, stampsOf, stoodSince } from "./files.ts"
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
  /** Path that an import names to the file it led to, where a link is on the way. */
  links: Schema.Record(Schema.String, Schema.String),
})
type Known = typeof Known.Type
const Memo = Schema.fromJsonString(Schema.Record(Schema.String, Known))
// A changed bit would give a stage the code of another: what is not as it was written is bundled again.
const memoKind = "fingerprints 2"

/** What is known of some code, and the state in which this process found what it is made of. */
interface Found {
  readonly known: Known
  readonly stamps: string
  readonly installed: Installed
}

/** Packages used of those the project can do without; undefined where the code itself tells. */
type Optional = ReadonlyArray<string> | undefined

export interface Fingerprints {
  /**
   * The code of a stage under some params. Fails where it reaches code that cannot be followed; dies where the file
   * does not bundle, since it was loaded before.
   */
  readonly of: (stage: AnyStage, params: Data) => Effect.Effect<Code, SpecError>
  /**
   * Whether nobody has touched the files and the packages of a stage since its code was asked. Content that came back
   * will not do, and a new comment costs the node: what a worker loaded in between, nobody knows.
   */
  readonly unchanged: (stage: AnyStage) => Effect.Effect<boolean>
  /** The code behind any export: of a spec, its stages' bodies and its page included. */
  readonly ofExport: (module: string, name: string) => Effect.Effect<Code>
}

/** Fingerprints with a memo in `file`; a memo that cannot be read is as good as none. */
export const fingerprints = (file: string): Fingerprints => {
  const memo = new Map(Object.entries(readMemo(file)))
  const pending = new Map<string, Promise<Found>>()
  const codeFor = async (module: string, name: string, optional: Optional, stage?: AnyStage): Promise<Code> => {
    const installed = installedFor(dirname(fileURLToPath(module)))
    const id = idOf(module, name, installed)
    const found = pending.get(id) ?? find(id, installed, memo, file, stage)
    pending.set(id, found)
    return codeOf((await found).known, installed, optional)
  }
  // Thousands of nodes share a few stages.
  const codes = new Map<string, Promise<Code>>()
  const ofCode = (module: string, name: string, optional: Optional, stage?: AnyStage): Effect.Effect<Code> =>
    reading(module, async () => {
      const key = `${module}#${name} ${optional?.join(" ")}`
      const code = codes.get(key) ?? codeFor(module, name, optional, stage)
      codes.set(key, code)
      return await code
    })
  const of = (stage: AnyStage, params: Data): Effect.Effect<Code, SpecError> =>
    Effect.catchDefect(ofCode(stage.module, stage.name, stage.optionalPackages?.(params), stage), (defect) => (defect instanceof SpecError ? Effect.fail(defect) : Effect.die(defect)))
  const untouched = (stage: AnyStage): Effect.Effect<boolean> =>
    reading(stage.module, async () => {
      const installed = installedFor(dirname(fileURLToPath(stage.module)))
      const found = await pending.get(idOf(stage.module, stage.name, installed))
      return found !== undefined && found.installed.unchanged() && found.stamps === stampsOf(found.installed.root, found.known)
    })
  return { of, ofExport: (module, name) => ofCode(module, name, []), unchanged: untouched }
}

// Trouble of the system is no fault of the code: it ends the command, and is told as what it is.
const reading = <A>(module: string, read: () => Promise<A>): Effect.Effect<A> => Effect.orDie(attemptPromise(fileURLToPath(module), read))

const idOf = (module: string, name: string, { root }: Installed): string => `${relative(root, fileURLToPath(module))}#${name}`

const find = async (id: string, installed: Installed, memo: Map<string, Known>, file: string, stage?: AnyStage): Promise<Found> => {
  const known = memo.get(id)
  if (known !== undefined) {
    const stamps = stampsOf(installed.root, known) // before the content is read, or a change in between would not show
    if (hold(installed.root, known)) return { known, stamps, installed }
  }
  const fresh = await bundled(id, installed, stage)
  memo.set(id, fresh.known)
  writeMemo(file, memo)
  return fresh
}

const triesToBundle = 3

// The bundler reads files at its own time. That we digest the same is sure once they stood still all the while: by
// their times, or because two bundlings met one state.
const bundled = async (id: string, installed: Installed, stage?: AnyStage): Promise<Found> => {
  const { bundle } = await import("./bundle.ts") // the bundler is slow to load and seldom needed
  const { root } = installed
  const [path, name] = [id.slice(0, id.lastIndexOf("#")), id.slice(id.lastIndexOf("#") + 1)]
  for (let tries = 0, last = ""; tries < triesToBundle; tries++) {
    const began = Date.now()
    const { code, imports, files } = await bundle(join(root, path), name).catch((cause: unknown) => { throw answered(cause) })
    const made = filesAt(root, files)
    const stamps = stampsOf(root, made)
    const state = JSON.stringify([made, stamps])
    if (state === last || stoodSince(root, made, began)) {
      if (stage !== undefined) await (await import("./blind.ts")).refuseBlind(stage, code)
      return { known: { digest: digestOf(code), imports: [...imports], ...made }, stamps, installed }
    }
    last = state
  }
  throw new SpecError({ reason: "CodeChanged", message: `The code of ${name} in ${path} was changed while it was read. Run again once it is saved.` })
}

const codeOf = (known: Known, installed: Installed, optional: Optional): Code => ({
  digest: known.digest,
  imports: known.imports,
  packages: installed.closure(optional === undefined ? known.imports : [...known.imports.filter((name) => !installed.optional.has(name)), ...optional]),
})

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
