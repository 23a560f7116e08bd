// Encodes a traced step as an ONNX model that repeats the step: a Loop with the step as its body. Values that do not
// depend on carried values are computed once, before the loop. Knows nothing about where the step came from.
import { arrange } from "./block.ts"
import {
  type Named,
  Writer,
  declare,
  graphAttribute,
  inputName,
  isComputed,
  model,
  nodeOf,
  outputName,
} from "./encode.ts"
import { type Form, type Value, live } from "./graph.ts"

/** A value that one trip hands to the next. */
interface Carried {
  /** The name of its output at the end. */
  readonly name: string
  readonly start: Value
  /** An Input that only the body sees. */
  readonly now: Value
  readonly next: Value
}

export interface Loop {
  /** The inputs of the model. */
  readonly inputs: Readonly<Record<string, Value>>
  /** int64 scalar: the largest number of trips. */
  readonly trips: Value
  readonly carried: ReadonlyArray<Carried>
  /** bool scalar: whether another trip follows. */
  readonly more: Value
  /** Scalars of each trip; the values of all trips are fetched as one array for each name. */
  readonly rows: Readonly<Record<string, Value>>
}

const ONE_BOOL: Form = { shape: [], element: "bool" }
const TRIP: Form = { shape: [], element: "int64" }

/** The `values` that depend on one of `sources`; each value is listed after its inputs. */
const dependents = (values: ReadonlyArray<Value>, sources: ReadonlyArray<Value>): ReadonlySet<Value> => {
  const found = new Set(sources)
  for (const v of values) if (v.inputs.some((x) => found.has(x))) found.add(v)
  return found
}

export const encodeLoop = ({ inputs, trips, carried, more, rows }: Loop): Uint8Array => {
  const collected = Object.entries(rows)
  const results = [...carried.map(({ next }) => next), more, ...collected.map(([, value]) => value)]
  const starts = carried.map(({ start }) => start)
  const values = live([trips, ...starts, ...results])
  const varying = dependents(
    values,
    carried.map(({ now }) => now),
  )
  const inside = values.filter((v) => isComputed(v) && varying.has(v))
  const read = new Set([...results, ...inside.flatMap((v) => v.inputs)])
  const outside = values.filter((v) => isComputed(v) && !varying.has(v))

  const writer = new Writer()
  for (const [name, value] of Object.entries(inputs)) writer.name(value, inputName(name))
  for (const { name, now } of carried) writer.name(now, `now/${name}`)
  const before = writer.nodes(arrange(outside, [trips, ...starts, ...outside.filter((v) => read.has(v))]), [])
  const next: Named = carried.map(({ name, next }) => [`next/${name}`, next])
  const scanned: Named = collected.map(([name, value]) => [`row/${name}`, value])
  const ends: Named = [["more", more], ...next, ...scanned]
  const body = {
    name: "trip",
    node: writer.nodes(arrange(inside, results), ends),
    input: [
      declare("trip", TRIP),
      declare("again", ONE_BOOL),
      ...carried.map(({ name, now }) => declare(`now/${name}`, now)),
    ],
    output: ends.map(([name, value]) => declare(name, value)),
  }
  const fetched = [
    ...carried.map(({ name, next }) => declare(outputName(name), next)),
    ...collected.map(([name, { element }]) => declare(outputName(name), { shape: [undefined], element })),
  ]
  const loop = nodeOf(
    "Loop",
    [writer.nameOf(trips), "", ...starts.map((start) => writer.nameOf(start))],
    [...carried.map(({ name }) => name), ...Object.keys(rows)].map(outputName),
    [graphAttribute("body", body)],
  )
  return model({
    node: [...before, loop],
    initializer: writer.constants(values),
    input: Object.entries(inputs).map(([name, value]) => declare(inputName(name), value)),
    output: fetched,
  })
}
