// Replaces members of Node modules that work on threads or at a time of their own. The replacements do the work in its
// turn, so it never comes before or after other work by chance. Knows nothing about which members are closed.
import { createHash } from "node:crypto"
import { Transform } from "node:stream"
import { styleText } from "node:util"
import { later } from "./deferred.ts"
import { words } from "../code/names.ts"
import { timers, timersPromises } from "./timers.ts"

type Members = { readonly [name: string]: unknown }
type Called = (...given: ReadonlyArray<unknown>) => unknown

/** The replacements that a stage finds for members of a Node module. */
export const replacedIn = (module: string, real: Members): Members => frozen(replacements[module]?.(real) ?? {})

const frozen = (members: Members): Members => {
  for (const each of Object.values(members)) if (typeof each === "function") Object.freeze(each)
  return members
}

const replacements: { readonly [module: string]: (real: Members) => Members } = {
  timers: () => ({ ...timers, promises: timersPromises }),
  "timers/promises": () => ({ ...timersPromises }),
  // Whether the output goes to a terminal is not part of the world.
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

/** Functions with a callback as their last argument, made from the synchronous functions. */
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

/** A stream that collects all its input, and gives the result at the end. */
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

/** The replacement of crypto.subtle.digest. */
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

/** The replacements that a stage finds for members of WebAssembly. */
export const assembly: Members = frozen({
  compile: async (bytes: unknown) => new Module(bytes),
  instantiate: async (of: unknown, imports: unknown) => {
    if (of instanceof Module) return new Instance(of, imports)
    const module = new Module(of)
    return { module, instance: new Instance(module, imports) }
  },
})
