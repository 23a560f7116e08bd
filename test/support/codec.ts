// How the tests of all kinds look at what a codec does, and arrays on every sort of memory.
import { isDeepStrictEqual } from "node:util"
import * as fc from "fast-check"
import { codecs } from "../../pipeline/artifact/artifact.ts"
import type { Kind } from "../../pipeline/stage.ts"

type Name = Kind<unknown>["kind"]

/** A value, written and read. */
export const again = (kind: Name, value: unknown): unknown => codecs[kind].decode(codecs[kind].encode(value))
export const hex = (kind: Name, value: unknown): string => Buffer.from(codecs[kind].encode(value)).toString("hex")

/** Values of every form that the language has. */
export const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
  maxDepth: 2,
})

/** Whether a value comes back as it was, to the sign of 0 and the prototype. */
export const comesBack =
  (kind: Name) =>
  (value: unknown): boolean =>
    isDeepStrictEqual(again(kind, value), value)

/** The same, or it is refused in words of ours. */
export const comesBackOrIsRefused =
  (kind: Name) =>
  (value: unknown): boolean => {
    try {
      codecs[kind].encode(value)
    } catch (error) {
      return error instanceof TypeError && !/^Cannot |is not a function|is not iterable/.test(error.message)
    }
    return comesBack(kind)(value)
  }

/** The array, whose memory was given to someone else. */
export const given = <A extends { readonly buffer: ArrayBuffer }>(array: A): A => {
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

/** An array whose memory is gone since its buffer shrank. */
export const cut = (): Float64Array => {
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 })
  const array = new Float64Array(buffer, 8, 1)
  buffer.resize(8)
  return array
}

/** Bytes that other threads could write to. */
export const shared = (...bytes: ReadonlyArray<number>): Uint8Array => {
  const array = new Uint8Array(new SharedArrayBuffer(bytes.length))
  array.set(bytes)
  return array
}

/** Bytes whose memory can grow. */
export const growing = (...bytes: ReadonlyArray<number>): Uint8Array => {
  const array = new Uint8Array(new ArrayBuffer(bytes.length, { maxByteLength: 1024 }))
  array.set(bytes)
  return array
}
