// Named arrays in the safetensors format: the header's length (u64, little endian), the header (JSON), the
// arrays' bytes one after another (little endian). Written by name, so that equal arrays give equal bytes.
import type { Tensor, Tensors } from "./stage.ts"

const types = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const
type TypeName = keyof typeof types

interface Header {
  readonly [name: string]: { readonly dtype: TypeName; readonly shape: ReadonlyArray<number>; readonly data_offsets: readonly [number, number] }
}

const typeOf = (name: string, data: Tensor["data"]): TypeName => {
  const type = (Object.keys(types) as Array<TypeName>).find((each) => data instanceof types[each])
  if (type === undefined) throw new TypeError(`${name} is not an array of one of the types ${Object.keys(types).join(", ")}`)
  return type
}
const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((a, b) => a * b, 1)

/** Throws a TypeError naming an array whose shape does not fit its data, or that has a name the format keeps for itself. */
export const encodeTensors = (tensors: Tensors): Uint8Array => {
  const header: { [name: string]: Header[string] } = {}
  const kept = Object.keys(tensors).find((name) => name === "__metadata__" || name === "__proto__")
  if (kept !== undefined) throw new TypeError(`no array can be called ${kept}`)
  // The widest numbers first keeps every array aligned.
  const entries = Object.entries(tensors).sort(([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || (a < b ? -1 : 1))
  let end = 0
  for (const [name, { shape, data }] of entries) {
    if (sizeOf(shape) !== data.length) throw new TypeError(`${name} has ${data.length} numbers, and its shape [${shape.join(", ")}] asks for ${sizeOf(shape)}`)
    header[name] = { dtype: typeOf(name, data), shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = JSON.stringify(header)
  const padded = new TextEncoder().encode(text + " ".repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8))
  const bytes = new Uint8Array(8 + padded.length + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded.length), true)
  bytes.set(padded, 8)
  for (const [name, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8 + padded.length + header[name]!.data_offsets[0])
  }
  return bytes
}

/** Throws a TypeError on bytes that are not safetensors of our four types. */
export const decodeTensors = (bytes: Uint8Array): Tensors => {
  if (bytes.length < 8) throw new TypeError(`${bytes.length} bytes are not safetensors`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true))
  if (8 + length > bytes.length) throw new TypeError(`a header of ${length} bytes does not fit into ${bytes.length}`)
  const { __metadata__: _, ...header } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Header & { readonly __metadata__?: unknown }
  return Object.fromEntries(Object.entries(header as Header).map(([name, entry]) => [name, array(bytes, 8 + length, name, entry)]))
}

const array = (bytes: Uint8Array, base: number, name: string, { dtype, shape, data_offsets: [from, to] }: Header[string]): Tensor => {
  const Type = types[dtype]
  if (Type === undefined) throw new TypeError(`${name} has the type ${String(dtype)}, which is not one of ${Object.keys(types).join(", ")}`)
  if (to - from !== sizeOf(shape) * Type.BYTES_PER_ELEMENT || base + to > bytes.length) throw new TypeError(`${name} does not have the size its shape asks for`)
  // A copy is aligned and outlives the file's buffer. (A Buffer's own slice would be a view.)
  const start = bytes.byteOffset + base
  return { shape, data: new Type(bytes.buffer.slice(start + from, start + to) as ArrayBuffer) }
}
