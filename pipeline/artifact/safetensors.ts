// Encodes and decodes named arrays in the safetensors format: the header's length (u64, little endian), the header
// (JSON), the bytes of the arrays one after another (little endian). Arrays are sorted, so that equal arrays give equal
// bytes. Knows nothing about what the numbers mean.
import { itemOf, membersOf, requireList } from "../../cache/plain.ts"
import { naming } from "../../cache/unfit.ts"
import type { Tensor, Tensors } from "../stage.ts"
import { typeOf } from "./array-type.ts"

const types = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const
type TypeName = keyof typeof types
const typeNames = Object.keys(types) as Array<TypeName>

interface Header {
  readonly [name: string]: {
    readonly dtype: TypeName
    readonly shape: ReadonlyArray<number>
    readonly data_offsets: readonly [number, number]
  }
}

const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((a, b) => a * b, 1)

/**
 * Every bit of an array of one of the four types comes back, also the bits of NaN. An array may be a part of a buffer,
 * or lie on shared memory; a decoded array has its own memory, and a Buffer comes back as a Uint8Array. Throws a
 * TypeError with the array's name if its type is another, if its shape does not fit its data, if it has more members,
 * or if the format reserves its name. The order of arrays is not part of a value.
 */
export const encodeTensors = (tensors: unknown): Uint8Array => {
  const header: { [name: string]: Header[string] } = {}
  // The widest numbers come first, which keeps every array aligned.
  const entries = naming("value", "which is not a record of arrays", () => membersOf(tensors))
    .map(([name, tensor]) => entryOf(name, tensor))
    .sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : 1))
  let end = 0
  for (const { name, dtype, shape, data } of entries) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(start + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true)
  bytes.set(text, 8)
  bytes.fill(0x20, 8 + text.length, start) // spaces
  for (const { name, data } of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + header[name]!.data_offsets[0])
  }
  return bytes
}

interface Entry extends Tensor {
  readonly name: string
  readonly dtype: TypeName
}

const entryOf = (name: string, tensor: unknown): Entry => {
  if (name === "__metadata__" || name === "__proto__") throw new TypeError(`no array can be called ${name}`)
  let [shape, data]: [unknown, unknown] = [undefined, undefined]
  for (const [member, value] of naming(name, "which is not an array with its shape", () => membersOf(tensor))) {
    if (member === "shape") shape = value
    else if (member === "data") data = value
    else throw new TypeError(`${name} has the member ${member}, which would be lost; give a shape and data alone`)
  }
  const type = typeOf(data, name)
  const dtype = typeNames.find((each) => types[each].name === type)
  if (dtype === undefined) throw new TypeError(`${name} is not an array of one of the types ${typeNames.join(", ")}`)
  const sizes = sizesOf(name, shape)
  const numbers = data as Tensor["data"]
  if (sizeOf(sizes) !== numbers.length) {
    const asked = `its shape [${sizes.join(", ")}] needs ${sizeOf(sizes)}`
    throw new TypeError(`${name} has ${numbers.length} numbers, but ${asked}`)
  }
  return { name, dtype, shape: sizes, data: numbers }
}

const sizesOf = (name: string, shape: unknown): ReadonlyArray<number> => {
  const sizes = naming(`${name}.shape`, "which is not a shape", () => {
    requireList(shape)
    return Array.from(shape, (_, i) => itemOf(shape, i) as number)
  })
  const at = sizes.findIndex((size) => !Number.isSafeInteger(size) || size < 0 || Object.is(size, -0))
  if (at >= 0) throw new TypeError(`${name}.shape[${at}] is ${String(sizes[at])}, but a size is a whole number from 0`)
  return sizes
}

/** Throws a TypeError if the bytes are not safetensors of our four types. */
export const decodeTensors = (bytes: Uint8Array): Tensors => {
  if (bytes.length < 8) throw new TypeError(`${bytes.length} bytes are not safetensors`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true))
  if (8 + length > bytes.length) throw new TypeError(`a header of ${length} bytes does not fit into ${bytes.length}`)
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length))
  const { __metadata__: _, ...header } = JSON.parse(text) as Header & { readonly __metadata__?: unknown }
  const entries = Object.entries(header as Header)
  return Object.fromEntries(entries.map(([name, entry]) => [name, arrayOf(bytes, 8 + length, name, entry)]))
}

const arrayOf = (bytes: Uint8Array, base: number, name: string, entry: Header[string]): Tensor => {
  const {
    dtype,
    shape,
    data_offsets: [from, to],
  } = entry
  const Type = types[dtype]
  if (Type === undefined) throw new TypeError(`${name} is of type ${String(dtype)}, not one of ${typeNames.join(", ")}`)
  if (to - from !== sizeOf(shape) * Type.BYTES_PER_ELEMENT || base + to > bytes.length) {
    throw new TypeError(`${name} does not have the size that its shape needs`)
  }
  // A copy is aligned and stays valid after the file's buffer. (A Buffer's own slice would be a view.)
  const start = bytes.byteOffset + base
  return { shape, data: new Type(bytes.buffer.slice(start + from, start + to) as ArrayBuffer) }
}
