// What of Node's modules is not to a stage as Node has it: what Node does on threads, or at its own time, is done here
// in its turn, so that it is never before or after other things by chance.
import { createHash } from "node:crypto"
import { Transform } from "node:stream"
import { styleText } from "node:util"
import { later } from "./deferred.ts"
import { words } from "../code/names.ts"
import { timers, timersPromises } from "./timers.ts"

type Members = { readonly [name: string]: unknown }
type Called = (...given: ReadonlyArray<unknown>) => unknown

/** What a stage finds in place of members of a part of Node. */
export const replacedIn = (module: string, real: Members): Members => frozen(replacements[module]?.(real) ?? {})

const frozen = (members: Members): Members => {
  for (const each of Object.values(members)) if (typeof each === "function") Object.freeze(each)
  return members
}

const replacements: { readonly [module: string]: (real: Members) => Members } = {
  timers: () => ({ ...timers, promises: timersPromises }),
  "timers/promises": () => ({ ...timersPromises }),
  // Whether a terminal listens is no part of the world.
  util: () => ({ styleText: (format: never, text: string) => styleText(format, text, { validateStream: false }) }),
  crypto: (real) => called(["hkdf", "pbkdf2", "scrypt"], real),
  zlib: (real) => ({
    ...called(methods, real),
    ...Object.fromEntries(
      methods.map((name) => [
        `create${name[0]!.toUpperCase()}${name.slice(1)}`,
        (options?: unknown) => atEnd(real[`${name}Sync`] as Called, options),
      ]),
    ),
  }),
}
const methods = words(`
  deflate inflate gzip gunzip deflateRaw inflateRaw unzip brotliCompress brotliDecompress zstdCompress zstdDecompress
`)

/** Functions that take what is to be done at last, made of those that do not. */
const called = (names: ReadonlyArray<string>, real: Members): Members =>
  Object.fromEntries(
    names.map((name) => [
      name,
      (...given: ReadonlyArray<unknown>): void => {
        const done = given.at(-1)
        if (typeof done !== "function") throw new TypeError(`${name} takes a function as its last argument`)
        const [error, value] = outcomeOf(() => (real[`${name}Sync`] as Called)(...given.slice(0, -1)))
        later(() => void (done as Called)(error, value))
      },
    ]),
  )

const outcomeOf = (compute: () => unknown): readonly [error: unknown, value?: unknown] => {
  try {
    return [null, compute()]
  } catch (error) {
    return [error]
  }
}

/** A stream that takes all, and gives what comes of it at the end. */
const atEnd = (compute: Called, options: unknown): Transform => {
  const taken: Array<Buffer> = []
  return new Transform({
    transform: (chunk: Buffer, _, next) => {
      taken.push(chunk)
      next()
    },
    flush: (next) => {
      const [error, value] = outcomeOf(() => compute(Buffer.concat(taken), options))
      next(error as Error | null, value)
    },
  })
}

/** What crypto.subtle.digest gives. */
export const digest = Object.freeze(
  async (algorithm: string | { readonly name: string }, data: ArrayBuffer | Uint8Array) => {
    const name = (typeof algorithm === "string" ? algorithm : algorithm.name).replace("-", "").toLowerCase()
    return Uint8Array.from(createHash(name).update(bytesOf(data)).digest()).buffer
  },
)
const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)

const { Module, Instance } = Reflect.get(globalThis, "WebAssembly") as {
  readonly Module: new (bytes: unknown) => object
  readonly Instance: new (module: object, imports: unknown) => object
}

/** What a stage finds in place of members of WebAssembly. */
export const assembly: Members = frozen({
  compile: async (bytes: unknown) => new Module(bytes),
  instantiate: async (of: unknown, imports: unknown) => {
    if (of instanceof Module) return new Instance(of, imports)
    const module = new Module(of)
    return { module, instance: new Instance(module, imports) }
  },
})
