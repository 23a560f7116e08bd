// A growing ONNX graph in which equal nodes are one node. Operators are only names here; the lowerings give shapes and
// element types. Knows nothing about TF.js or bytes.
/** The domain of ONNX Runtime's operators on channels in blocks (NCHWc). */
export const NCHWC = "com.microsoft.nchwc"

/** The precision of every float in a compiled function. */
export type Dtype = "float32" | "float64"

export type Element = Dtype | "int32" | "int64" | "bool" | "uint8"
/** An ONNX attribute. JavaScript cannot tell the integer 1 from the float 1, so the kind is explicit. */
export type Attribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly ints: ReadonlyArray<number> }
  | { readonly s: string }
export type Attributes = { readonly [name: string]: Attribute }

/** The form of a value: row-major shape and element type. */
export interface Form {
  readonly shape: ReadonlyArray<number>
  readonly element: Element
}
/**
 * The single output of a node; `op` is Input, Constant, or an ONNX operator, with its domain and a dot before its name
 * unless the domain is ONNX' own.
 */
export interface Value extends Form {
  readonly id: number
  readonly op: string
  readonly inputs: ReadonlyArray<Value>
  readonly attributes: Attributes
  /** The elements of a Constant, not yet rounded to the element type. */
  readonly data: ArrayLike<number>
}

const NONE: ReadonlyArray<number> = []

export class Graph {
  /** The dtype of the values that TF.js calls float32. */
  readonly dtype: Dtype
  /** The channels in a block of ONNX Runtime's blocked layout (NCHWc), if convolutions may use that layout. */
  readonly channelBlock: number | undefined
  /** Whether a convolution was traced that would use the blocked layout, if there is a block size. */
  wantsBlocks = false
  readonly #values = new Map<string, Value>()

  constructor(dtype: Dtype, channelBlock?: number) {
    this.dtype = dtype
    this.channelBlock = channelBlock
  }

  #add(key: string, value: Omit<Value, "id">): Value {
    const known = this.#values.get(key)
    if (known !== undefined) return known
    const made = { ...value, id: this.#values.size }
    this.#values.set(key, made)
    return made
  }

  /** A value that each run receives as input under this name. */
  input(name: string, { shape, element }: Form): Value {
    return this.#add(`Input ${name}`, {
      op: "Input",
      inputs: [],
      attributes: { name: { s: name } },
      shape,
      element,
      data: NONE,
    })
  }

  /** A value known while tracing. Float data are float64 and are rounded to the graph's dtype only in the bytes. */
  constant(data: ArrayLike<number>, form: Form): Value {
    const elements = Array.from(data, (x) => (Object.is(x, -0) ? "-0" : String(x)))
    const key = `Constant ${form.element} [${form.shape.join()}] ${elements.join()}`
    return this.#add(key, {
      op: "Constant",
      inputs: [],
      attributes: {},
      shape: form.shape,
      element: form.element,
      data,
    })
  }

  /** The value of a node; an existing value if op, inputs and attributes are equal. */
  node(op: string, inputs: ReadonlyArray<Value>, { shape, element }: Form, attributes: Attributes = {}): Value {
    const key = `${op} ${inputs.map((v) => v.id).join()} ${JSON.stringify(attributes)}`
    return this.#add(key, { op, inputs, attributes, shape, element, data: NONE })
  }
}

/** The values that `outputs` need, each after its inputs; values that no output needs are left out. */
export const live = (outputs: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const found = new Set<Value>()
  const open = [...outputs]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (found.has(value)) continue
    found.add(value)
    open.push(...value.inputs)
  }
  return [...found].sort((a, b) => a.id - b.id)
}
