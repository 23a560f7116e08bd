// What does the code behind an export do? Its bundle stands for it: the text that a worker runs, with comments, types,
// layout and local names taken away; and the packages it reaches. Bundles only what it has not seen: a memo leads from
// the digests of the files that were read to what was found, so that a newer bundler reruns nothing. Refuses to know
// params, inputs and keys.
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
import { filesAt, hold, stoodSince } from "./files.ts"
import { readFolders, readMemo, writeFolders, writeMemo, type Known, type Remembered } from "./memo.ts"
import { Installed, optionalIn, packageOf, rootOf, type External, type Manifest, type Packages } from "./packages.ts"
import { conditions } from "./resolve.ts"

export interface Code {
  /** Of the bundle. */
  readonly digest: Digest
  /** Packages that the code itself imports. */
  readonly imports: ReadonlyArray<string>
  /** Those and all they reach. */
  readonly packages: Packages
}

/** What an executor needs of some code: its bundle and what its packages are made of are in the store. */
export interface Delivered {
  readonly text: Blob
  /** The way from its places back to the files. */
  readonly map: Blob
  readonly packages: Blob
  readonly root: string
}

/** What is known of some code, and its text with the way back where this process bundled it. */
interface Found {
  readonly known: Known
  readonly made: { readonly text: string; readonly map: string } | undefined
}

/** Packages used of those the project can do without; undefined where the code itself tells. */
type Optional = ReadonlyArray<string> | undefined

export interface Fingerprints {
  /** The code of a stage under some params. Fails where the file does not bundle. */
  readonly of: (stage: AnyStage, params: Data) => Effect.Effect<Code, SpecError>
  /** Puts what an executor needs of a stage under some params into the store. */
  readonly deliver: (stage: AnyStage, params: Data) => Effect.Effect<Delivered, CacheError | SpecError, Store>
  /** The code behind any export: of a spec, its stages' bodies and its page included. */
  readonly ofExport: (module: string, name: string) => Effect.Effect<Code, SpecError>
}

/** Fingerprints with a memo in `file`; a memo that cannot be read is as good as none. */
export const fingerprints = (file: string): Fingerprints => new Memoized(file)

class Memoized implements Fingerprints {
  readonly #file: string
  readonly #known: Remembered
  readonly #pending = new Map<string, Promise<Found>>()
  readonly #installed = new Map<string, Installed>()
  readonly #found = new Map<string, Code>()
  /** The stages of a spec ask for much the same. */
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

  // The memo knows the digests; the text is in the store, or is made once more.
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

  // Thousands of nodes share a few stages.
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

// Trouble of the system is no fault of the code: it ends the command, and is told as what it is.
const attemptCode = <A>(module: string, read: () => Promise<A>): Effect.Effect<A, SpecError> =>
  Effect.catchDefect(Effect.orDie(attemptPromise(fileURLToPath(module), read)), (defect) =>
    defect instanceof SpecError
      ? Effect.fail(defect)
      : defect instanceof CodeFault
        ? Effect.fail(new SpecError({ reason: "DoesNotLoad", message: defect.message }))
        : Effect.die(defect),
  )

// Other conditions lead to other files.
const idOf = (module: string, name: string, root: string): string =>
  `${relative(root, fileURLToPath(module))}#${name}${conditions()
    .map((each) => ` ${each}`)
    .join("")}`

const triesToBundle = 3

// Files are read at their own time. That we digest the same is sure once they stood still all the while: by their
// times, or because two bundlings met one state.
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
    if (state === last || stoodSince(root, made, began)) {
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

// The bundler tells what the system answered in words only.
const answered = (cause: unknown): unknown => {
  const [line, number] = /.*\(os error (\d+)\)/.exec(stripVTControlCharacters(String(cause))) ?? []
  return number === undefined
    ? cause
    : Object.assign(new Error(line, { cause }), { syscall: "open", code: getSystemErrorName(-Number(number)) })
}
