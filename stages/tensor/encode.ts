// Encodes a traced function as the bytes of an ONNX model. Names are counted along the nodes, so that the same function
// gives the same bytes in every process. Knows nothing about running a model.
import proto from "onnx-proto"
import { type Block, type Choice, arrange, isChoice } from "./block.ts"
import { type Attribute, type Element, NCHWC, type Value, live } from "./graph.ts"

const { onnx } = proto
const { AttributeType } = onnx.AttributeProto

/** ONNX' numbers for element types. */
const CODES: Readonly<Record<Element, number>> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 }
/** Versions of the operators, by domain; ONNX' own domain has no name. */
const DOMAINS = { "": 20, [NCHWC]: 1 }
const IR = 8

/** Names of inputs and outputs; the prefixes keep them apart from each other and from the counted names. */
export const inputName = (name: string): string => `in/${name}`
export const outputName = (name: string): string => `out/${name}`

/** Values with the names that they get. */
export type Named = ReadonlyArray<readonly [name: string, value: Value]>

const bytesOf = (data: ArrayLike<number>, element: Element): Uint8Array => {
  const typed = {
    float32: () => Float32Array.from(data),
    float64: () => Float64Array.from(data),
    int32: () => Int32Array.from(data),
    int64: () => BigInt64Array.from(Array.from(data, BigInt)),
    bool: () => Uint8Array.from(data),
    uint8: () => Uint8Array.from(data),
  }[element]()
  return new Uint8Array(typed.buffer)
}

const encodeAttribute = ([name, attribute]: readonly [string, Attribute]): object => {
  if ("f" in attribute) return { name, type: AttributeType.FLOAT, f: attribute.f }
  if ("ints" in attribute) return { name, type: AttributeType.INTS, ints: attribute.ints }
  if ("i" in attribute) return { name, type: AttributeType.INT, i: attribute.i }
  // A Cast holds the name of its target type; ONNX needs the number of the type.
  if (name === "to") return { name, type: AttributeType.INT, i: CODES[attribute.s as Element] }
  return { name, type: AttributeType.STRING, s: new TextEncoder().encode(attribute.s) }
}

/** A node in the format of ONNX. The name of an operator that is not one of ONNX' own begins with its domain. */
export const nodeOf = (
  op: string,
  input: ReadonlyArray<string>,
  output: ReadonlyArray<string>,
  attribute: ReadonlyArray<object> = [],
): object => {
  const dot = op.lastIndexOf(".")
  return { opType: op.slice(dot + 1), domain: op.slice(0, Math.max(0, dot)), input, output, attribute }
}

/** An attribute that is a graph of its own; that graph sees the names of the graph around it. */
export const graphAttribute = (name: string, graph: object): object => ({ name, type: AttributeType.GRAPH, g: graph })

/** Declares an input or output of a graph; a length that is not known in advance is undefined. */
export const declare = (
  name: string,
  { shape, element }: { readonly shape: ReadonlyArray<number | undefined>; readonly element: Element },
): object => ({
  name,
  type: {
    tensorType: {
      elemType: CODES[element],
      shape: { dim: shape.map((n) => (n === undefined ? {} : { dimValue: n })) },
    },
  },
})

/** Writes blocks of values as nodes, and remembers the name of each value. */
export class Writer {
  readonly #names = new Map<Value, string>()
  #count = 0

  name(value: Value, name: string): void {
    this.#names.set(value, name)
  }

  nameOf(value: Value): string {
    const known = this.#names.get(value)
    if (known !== undefined) return known
    const made = String(this.#count++)
    this.#names.set(value, made)
    return made
  }

  /** The nodes of a block that gives `outputs`, under these names. */
  nodes(block: Block, outputs: Named): ReadonlyArray<object> {
    const own = new Set(block.flatMap((unit) => (isChoice(unit) ? unit.members : [unit])))
    // An output that already has a name, or comes from outside the block, needs a node of its own.
    const copied = outputs.filter(([name, value]) => {
      if (!own.has(value) || this.#names.has(value)) return true
      this.name(value, name)
      return false
    })
    return [
      ...block.map((unit) =>
        isChoice(unit)
          ? this.#choice(unit)
          : nodeOf(
              unit.op,
              unit.inputs.map((x) => this.nameOf(x)),
              [this.nameOf(unit)],
              Object.entries(unit.attributes).map(encodeAttribute),
            ),
      ),
      ...copied.map(([name, value]) => nodeOf("Identity", [this.nameOf(value)], [name])),
    ]
  }

  #choice({ condition, members, yes, no }: Choice): object {
    const branch = (side: string, block: Block, at: number): object => {
      const outputs: Named = members.map((member) => [`${this.nameOf(member)}/${side}`, member.inputs[at]!])
      return {
        name: side,
        node: this.nodes(block, outputs),
        output: outputs.map(([name, value]) => declare(name, value)),
      }
    }
    return nodeOf(
      "If",
      [this.nameOf(condition)],
      members.map((member) => this.nameOf(member)),
      [graphAttribute("then_branch", branch("yes", yes, 1)), graphAttribute("else_branch", branch("no", no, 2))],
    )
  }

  constants(values: ReadonlyArray<Value>): ReadonlyArray<object> {
    return values
      .filter((v) => v.op === "Constant")
      .map((v) => ({
        name: this.nameOf(v),
        dataType: CODES[v.element],
        dims: v.shape,
        rawData: bytesOf(v.data, v.element),
      }))
  }
}

/** Whether a node computes the value. */
export const isComputed = ({ op }: Value): boolean => op !== "Input" && op !== "Constant"

/** A whole model. */
export const model = (graph: {
  readonly [part in "node" | "initializer" | "input" | "output"]: ReadonlyArray<object>
}): Uint8Array =>
  onnx.ModelProto.encode(
    onnx.ModelProto.fromObject({
      irVersion: IR,
      opsetImport: Object.entries(DOMAINS).map(([domain, version]) => ({ domain, version })),
      graph: { name: "jit", ...graph },
    }),
  ).finish()

/** The model of a function. */
export const encode = (
  inputs: Readonly<Record<string, Value>>,
  outputs: Readonly<Record<string, Value>>,
): Uint8Array => {
  const values = live(Object.values(outputs))
  const writer = new Writer()
  for (const [name, value] of Object.entries(inputs)) writer.name(value, inputName(name))
  const named: Named = Object.entries(outputs).map(([name, value]) => [outputName(name), value])
  const node = writer.nodes(arrange(values.filter(isComputed), Object.values(outputs)), named)
  return model({
    node,
    initializer: writer.constants(values),
    input: Object.entries(inputs).map(([name, value]) => declare(inputName(name), value)),
    output: named.map(([name, value]) => declare(name, value)),
  })
}
