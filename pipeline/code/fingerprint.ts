// Gives the code behind an export a digest: the digest of its bundle, which is the text that a worker runs, without
// comments, types, layout and local names. Also lists the packages that the code reaches. Bundles only new code: a memo
// maps the digests of the files that were read to the earlier result, so a newer bundler reruns nothing. Knows nothing
// about params, inputs and keys.
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { getSystemErrorName, stripVTControlCharacters } from "node:util"
import { Effect } from "effect"
import { attemptPromise } from "../../cache/system-error.ts"
import { digestOf, type Data, type Digest } from "../../cache/digest.ts"
import { Store, type Blob, type CacheError } from "../../cache/store.ts"
import { SpecError } from "../error.ts"
import type { AnyStage } from "../node.ts"
import { leadOf } from "./bare-import.ts"
import { CodeFault } from "./fault.ts"
import { filesAt, hold, unchangedSince } from "./files.ts"
import { readFolders, readMemo, writeFolders, writeMemo, type Known, type Remembered } from "./memo.ts"
import { Installed, optionalIn, packageOf, rootOf, type External, type Manifest, type Packages } from "./packages.ts"
import { conditions } from "./resolve.ts"

export interface Code {
  /** The digest of the bundle. */
  readonly digest: Digest
  /** Packages that the code itself imports. */
  readonly imports: ReadonlyArray<string>
  /** The imported packages and all packages that they reach. */
  readonly packages: Packages
}

/**
 * What an executor needs to run some code. The bundle, its source map and the manifest of its packages are in the
 * store.
 */
export interface Delivered {
  readonly text: Blob
  /** The source map of the bundle. */
  readonly map: Blob
  readonly packages: Blob
  readonly root: string
}

/** The memo's entry for some code; also the text and the source map if this process bundled the code. */
interface Found {
  readonly known: Known
  readonly made: { readonly text: string; readonly map: string } | undefined
}

/** The optional packages that a stage uses; undefined if every package that the code imports counts. */
type Optional = ReadonlyArray<string> | undefined

export interface Fingerprints {
  /** The code of a stage under some params. Fails if the file does not bundle. */
  readonly of: (stage: AnyStage, params: Data) => Effect.Effect<Code, SpecError>
  /** Puts everything that an executor needs to run a stage under some params into the store. */
  readonly deliver: (stage: AnyStage, params: Data) => Effect.Effect<Delivered, CacheError | SpecError, Store>
  /** The code behind any export. The code of a spec includes the bodies of its stages and its page. */
  readonly ofExport: (module: string, name: string) => Effect.Effect<Code, SpecError>
}

/** Fingerprints with a memo in `file`. A memo that cannot be read counts as an empty memo. */
export const fingerprints = (file: string): Fingerprints => new Memoized(file)

class Memoized implements Fingerprints {
  readonly #file: string
  readonly #known: Remembered
  readonly #pending = new Map<string, Promise<Found>>()
  readonly #installed = new Map<string, Installed>()
  readonly #found = new Map<string, Code>()
  /** The stages of a spec resolve mostly the same specifiers, so each answer is kept. */
  readonly #leads = new Map<string, string>()
  readonly #delivered = new Map<string, Delivered>()

  constructor(file: string) {
    this.#file = file
    this.#known = readMemo(file)
  }

  of(stage: AnyStage, params: Data): Effect.Effect<Code, SpecError> {
    return this.#code(stage.module, stage.name, stage.optionalPackages?.(params))
  }

  ofExport(module: string, name: string): Effect.Effect<Code, SpecError> {
    return this.#code(module, name, [])
  }

  readonly deliver = Effect.fnUntraced(
    { self: this },
    function* (
      this: Memoized,
      stage: AnyStage,
      params: Data,
    ): Effect.fn.Return<Delivered, CacheError | SpecError, Store> {
      const optional = stage.optionalPackages?.(params)
      const id = codeId(stage.module, stage.name, optional)
      const known = this.#delivered.get(id)
      if (known !== undefined) return known
      const store = yield* Store
      const code = yield* this.#code(stage.module, stage.name, optional)
      const { root, installed } = this.#project(stage.module)
      const { text, map } = yield* this.#made(stage, code.digest)
      const put = Effect.fnUntraced(function* (of: string) {
        const bytes = Buffer.from(of)
        return { digest: yield* store.put(bytes), size: bytes.length } satisfies Blob
      })
      const { manifest } = installed.closure(
        externalsOf(this.#known.codes.get(idOf(stage.module, stage.name, root))!, root, optional),
      )
      const delivered = {
        text: yield* put(text),
        map: yield* put(map),
        packages: yield* put(JSON.stringify(manifest satisfies Manifest)),
        root,
      }
      this.#delivered.set(id, delivered)
      return delivered
    },
  )

  // The memo holds only digests. The text is in the store, or the code is bundled again.
  #made = Effect.fnUntraced(
    { self: this },
    function* (
      this: Memoized,
      stage: AnyStage,
      digest: Digest,
    ): Effect.fn.Return<{ readonly text: string; readonly map: string }, CacheError | SpecError, Store> {
      const store = yield* Store
      const { root } = this.#project(stage.module)
      const id = idOf(stage.module, stage.name, root)
      const { known, made } = yield* attemptCode(stage.module, () => this.#pending.get(id)!)
      if (made !== undefined) return made
      const read = (kept: Digest) => Effect.map(store.get(kept), (bytes) => Buffer.from(bytes).toString())
      if ((yield* store.has(digest)) && (yield* store.has(known.map)))
        return { text: yield* read(digest), map: yield* read(known.map) }
      const again = yield* attemptCode(stage.module, () => bundled(id, root))
      if (again.known.digest === digest) return again.made!
      this.#remember(id, again)
      return yield* new SpecError({
        reason: "CodeChanged",
        message: `The code of the stage ${stage.name} was changed since the run began. Run again.`,
      })
    },
  )

  #project(module: string): { readonly root: string; readonly installed: Installed } {
    const root = rootFor(module)
    const known = this.#installed.get(root)
    if (known !== undefined) return { root, installed: known }
    const installed = new Installed(root, this.#known.folders, () => readFolders(root))
    this.#installed.set(root, installed)
    return { root, installed }
  }

  // Thousands of nodes share a few stages, so each result is kept.
  #code(module: string, name: string, optional: Optional): Effect.Effect<Code, SpecError> {
    const id = codeId(module, name, optional)
    const found = this.#found.get(id)
    if (found !== undefined) return Effect.succeed(found)
    return Effect.map(
      attemptCode(module, () => this.#find(module, name)),
      ({ known }) => {
        const { root, installed } = this.#project(module)
        const externals = externalsOf(known, root, optional)
        const code = {
          digest: known.digest,
          imports: [...new Set(known.externals.map(({ specifier }) => packageOf(specifier)))].sort(),
          packages: installed.closure(externals).packages,
        }
        this.#found.set(id, code)
        if (installed.changed) this.#write()
        if (installed.digested) writeFolders(root, this.#known.folders)
        installed.changed = installed.digested = false
        return code
      },
    )
  }

  #find(module: string, name: string): Promise<Found> {
    const { root } = this.#project(module)
    const id = idOf(module, name, root)
    const found = this.#pending.get(id) ?? this.#lookUp(id, root)
    this.#pending.set(id, found)
    return found
  }

  async #lookUp(id: string, root: string): Promise<Found> {
    const known = this.#known.codes.get(id)
    if (known !== undefined && hold(root, known) && this.#leadAsBefore(root, known)) return { known, made: undefined }
    const found = await bundled(id, root)
    this.#remember(id, found)
    return found
  }

  #leadAsBefore(root: string, { asked }: Known): boolean {
    return asked.every((each) => {
      const question = `${each.by} ${each.specifier} ${join(root, each.folder)}`
      const lead = this.#leads.get(question) ?? leadOf(root, each)
      this.#leads.set(question, lead)
      return lead === each.lead
    })
  }

  #remember(id: string, { known }: Found): void {
    this.#known.codes.set(id, known)
    this.#write()
  }

  #write(): void {
    writeMemo(this.#file, this.#known)
  }
}

const codeId = (module: string, name: string, optional: Optional): string => `${module}#${name} ${optional?.join(" ")}`

const roots = new Map<string, string>()
const rootFor = (module: string): string => {
  const known = roots.get(module) ?? rootOf(dirname(fileURLToPath(module)))
  roots.set(module, known)
  return known
}

const externalsOf = ({ externals }: Known, root: string, optional: Optional): ReadonlyArray<External> => {
  if (optional === undefined) return externals
  const canMiss = optionalIn(root)
  return externals.filter(
    ({ specifier }) => !canMiss.has(packageOf(specifier)) || optional.includes(packageOf(specifier)),
  )
}

// An error of the system is not a fault of the code. It ends the command, and the command reports it as a system error.
const attemptCode = <A>(module: string, read: () => Promise<A>): Effect.Effect<A, SpecError> =>
  Effect.catchDefect(Effect.orDie(attemptPromise(fileURLToPath(module), read)), (defect) =>
    defect instanceof SpecError
      ? Effect.fail(defect)
      : defect instanceof CodeFault
        ? Effect.fail(new SpecError({ reason: "DoesNotLoad", message: defect.message }))
        : Effect.die(defect),
  )

// The id includes the conditions, because other conditions lead to other files.
const idOf = (module: string, name: string, root: string): string =>
  `${relative(root, fileURLToPath(module))}#${name}${conditions()
    .map((each) => ` ${each}`)
    .join("")}`

const triesToBundle = 3

// The bundler and this function read the files at different times. Both read the same bytes if the files did not change
// in between. The time stamps show this, or two bundles in a row that have the same state.
const bundled = async (id: string, root: string): Promise<Found> => {
  const { bundle } = await import("./bundle.ts") // the bundler is slow to load and seldom needed
  const [, path, name] = /^(.*)#(\S+)/s.exec(id)!
  for (let tries = 0, last = ""; tries < triesToBundle; tries++) {
    const began = Date.now()
    const { text, map, externals, asked, files } = await bundle(join(root, path!), name!, root).catch(
      (cause: unknown) => {
        throw answered(cause)
      },
    )
    const made = filesAt(root, files)
    const state = JSON.stringify([made, text])
    if (state === last || unchangedSince(root, made, began)) {
      const led = asked.map((each) => ({ ...each, lead: leadOf(root, each) }))
      return {
        known: { digest: digestOf(text), map: digestOf(map), externals, asked: led, ...made },
        made: { text, map },
      }
    }
    last = state
  }
  throw new SpecError({
    reason: "CodeChanged",
    message: `The code of ${name} in ${path} was changed while it was read. Run again once it is saved.`,
  })
}

// The bundler reports an error of the system only as text.
const answered = (cause: unknown): unknown => {
  const [line, number] = /.*\(os error (\d+)\)/.exec(stripVTControlCharacters(String(cause))) ?? []
  return number === undefined
    ? cause
    : Object.assign(new Error(line, { cause }), { syscall: "open", code: getSystemErrorName(-Number(number)) })
}
