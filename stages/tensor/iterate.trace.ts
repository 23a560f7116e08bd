// The compiled form of a step. The step is traced once, with its scalars as float64 values of the graph, and becomes
// the body of a loop. All values are in one record; a prefix of each name gives the kind of the value. Knows nothing
// about what the step computes.
import type { Tensor } from "../../pipeline/stage.ts"
import { backend, tensorOf } from "./backend.ts"
import { traceInBlocks } from "./channel-block.ts"
import { DOUBLE, traced } from "./exchange.ts"
import { fuse } from "./fuse.ts"
import type { Dtype, Form } from "./graph.ts"
import { encodeLoop } from "./loop.ts"
import { cast } from "./ops/build.ts"
import { type Arrays, type Program, load } from "./program.ts"
import { type Reached, type State, type Step, assertCarried } from "./step.ts"
import type { Fn } from "./trace.ts"

type Kind = "array" | "scalar" | "fixed" | "row"
type Named<V> = Readonly<Record<string, V>>

const prefixed = <V>(kind: Kind, values: Named<V>): Record<string, V> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${kind}.${name}`, value]))

const unprefixed = <V>(kind: Kind, values: Named<V>): Record<string, V> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      key.startsWith(`${kind}.`) ? [[key.slice(kind.length + 1), value]] : [],
    ),
  )

const mapped = <V, W>(values: Named<V>, change: (value: V, key: string) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]))

/** The inputs of a compiled step. */
export const fed = ({ arrays, scalars }: State, fixed: Arrays, trips: number): Arrays => ({
  ...prefixed("array", arrays),
  ...prefixed(
    "scalar",
    mapped(scalars, (x): Tensor => ({ shape: [], data: Float64Array.of(x) })),
  ),
  ...prefixed("fixed", fixed),
  trips: { shape: [], data: Int32Array.of(trips) },
})

/** The results of a compiled step. */
export const reached = (made: Arrays): Reached => ({
  state: { arrays: unprefixed("array", made), scalars: mapped(unprefixed("scalar", made), ({ data }) => data[0]!) },
  more: made["more"]!.data.at(-1) !== 0,
  rows: mapped(unprefixed("row", made), ({ data }) => data as Float64Array),
})

/** The step as a function of one record of tensors. */
const flat =
  (step: Step): Fn =>
  (inputs) => {
    const { graph } = backend
    const arrays = unprefixed("array", inputs)
    // As tensors the scalars would have the dtype of the graph; here they are the float64 inputs themselves.
    const scalars = mapped(unprefixed("scalar", inputs), (_, name) => graph.input(`scalar.${name}`, DOUBLE))
    const left = step({ arrays, scalars, fixed: unprefixed("fixed", inputs) }, traced(graph))
    assertCarried({ arrays, scalars }, left)
    return {
      ...prefixed("array", left.arrays),
      ...prefixed("scalar", mapped(left.scalars, tensorOf)),
      ...prefixed("row", mapped(left.row, tensorOf)),
      more: tensorOf(left.more),
    }
  }

/** Carried arrays have the dtype of the graph, and integers are int32 as in TF.js, so outputs can be inputs again. */
const carriedForm = ({ shape, element }: Form, dtype: Dtype): Form => ({
  shape,
  element: element === "float32" || element === "float64" ? dtype : "int32",
})

interface Settings {
  readonly dtype: Dtype
  readonly threads: number
  readonly blocked: boolean
}

/** Compiles a step for inputs of these forms. */
export const compileStep = async (
  name: string,
  step: Step,
  { dtype, threads, blocked }: Settings,
  { trips, ...forms }: Named<Form>,
): Promise<Program> => {
  const body = await traceInBlocks(
    name,
    flat(step),
    dtype,
    mapped(forms, (form, key) => (key.startsWith("array.") ? carriedForm(form, dtype) : form)),
    blocked,
  )
  const { graph } = body
  const { more, ...left } = fuse(body)
  const [rows, next] = [
    prefixed("row", unprefixed("row", left)),
    { ...prefixed("array", unprefixed("array", left)), ...prefixed("scalar", unprefixed("scalar", left)) },
  ]
  const start = mapped(next, (_, key) => graph.input(`start ${key}`, forms[key]!))
  const times = graph.input("trips", trips!)
  const inputs = { ...body.inputs, ...start, trips: times }
  const carried = Object.entries(next).map(([key, value]) => {
    const now = body.inputs[key]!
    return { name: key, start: cast(graph, start[key]!, now.element), now, next: value }
  })
  const model = encodeLoop({
    inputs,
    trips: cast(graph, times, "int64"),
    carried,
    more: more!,
    rows: { ...rows, more: more! },
  })
  return load(name, model, Object.keys(inputs), [...Object.keys(next), ...Object.keys(rows), "more"], threads)
}
