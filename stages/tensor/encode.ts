// A traced function as the bytes of an ONNX model. Names are counted along the live nodes, so that the same function
// gives the same bytes in every process. Knows the format and nothing about running it.
import proto from "onnx-proto"
import { type Attribute, type Element, type Form, type Value, live } from "./graph.ts"

const { onnx } = proto

/** ONNX' numbers for element types. */
const CODES: Readonly<Record<Element, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 }
const OPSET = 20
const IR = 8

/** Names of what is fed and fetched; the prefixes keep them apart from each other and from the counted names. */
export const inputName = (name: string): string => `in/${name}`
export const outputName = (name: string): string => `out/${name}`

const bytesOf = (data: ArrayLike<number>, element: Element): Uint8Array => {
  const typed = {
    float32: () => Float32Array.from(data), float64: () => Float64Array.from(data), int32: () => Int32Array.from(data),
    int64: () => BigInt64Array.from(Array.from(data, BigInt)), bool: () => Uint8Array.from(data), uint8: () => Uint8Array.from(data),
  }[element]()
  return new Uint8Array(typed.buffer)
}

const encodeAttribute = ([name, attribute]: readonly [string, Attribute]): object => {
  const { AttributeType } = onnx.AttributeProto
  if ("f" in attribute) return { name, type: AttributeType.FLOAT, f: attribute.f }
  if ("ints" in attribute) return { name, type: AttributeType.INTS, ints: attribute.ints }
  if ("i" in attribute) return { name, type: AttributeType.INT, i: attribute.i }
  // Cast names the type it gives; ONNX wants its number.
  if (name === "to") return { name, type: AttributeType.INT, i: CODES[attribute.s as Element] }
  return { name, type: AttributeType.STRING, s: new TextEncoder().encode(attribute.s) }
}

const declare = (name: string, { shape, element }: Form): object => ({
  name, type: { tensorType: { elemType: CODES[element], shape: { dim: shape.map((n) => ({ dimValue: n })) } } },
})

export const encode = (inputs: Readonly<Record<string, Value>>, outputs: Readonly<Record<string, Value>>): Uint8Array => {
  const values = live(Object.values(outputs))
  const names = new Map<Value, string>()
  for (const [name, value] of Object.entries(inputs)) names.set(value, inputName(name))
  for (const [name, value] of Object.entries(outputs)) {
    if (!names.has(value) && value.op !== "Constant") names.set(value, outputName(name))
  }
  for (const value of values) if (!names.has(value)) names.set(value, String(names.size))

  const computed = values.filter((v) => v.op !== "Input" && v.op !== "Constant")
  const node = computed.map((v) => ({
    opType: v.op, input: v.inputs.map((x) => names.get(x)!), output: [names.get(v)!],
    attribute: Object.entries(v.attributes).map(encodeAttribute),
  }))
  // An output that is an input, a constant or another output needs a node of its own.
  for (const [name, value] of Object.entries(outputs)) {
    if (names.get(value) !== outputName(name)) node.push({ opType: "Identity", input: [names.get(value)!], output: [outputName(name)], attribute: [] })
  }
  const initializer = values.filter((v) => v.op === "Constant").map((v) => ({
    name: names.get(v)!, dataType: CODES[v.element], dims: v.shape, rawData: bytesOf(v.data, v.element),
  }))
  return onnx.ModelProto.encode(onnx.ModelProto.fromObject({
    irVersion: IR,
    opsetImport: [{ domain: "", version: OPSET }],
    graph: {
      name: "jit", node, initializer,
      input: Object.entries(inputs).map(([name, value]) => declare(inputName(name), value)),
      output: Object.entries(outputs).map(([name, value]) => declare(outputName(name), value)),
    },
  })).finish()
}
