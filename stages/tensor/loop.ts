// A traced step as an ONNX model that takes it again and again: a Loop with the step as its body. What does not
// depend on what is carried is computed once, before it. Knows the format, not where the step came from.
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

/** What one trip hands to the next. */
interface Carried {
  /** What it is called when it is fetched at the end. */
  readonly name: string
  readonly start: Value
  /** An Input, known to the body only. */
  readonly now: Value
  readonly next: Value
}

export interface Loop {
  /** What is fed. */
  readonly inputs: Readonly<Record<string, Value>>
  /** int64 scalar: how often at most. */
  readonly trips: Value
  readonly carried: ReadonlyArray<Carried>
  /** bool scalar: whether there is another trip. */
  readonly more: Value
  /** Scalars of each trip, fetched as one array each. */
  readonly rows: Readonly<Record<string, Value>>
}

const ONE_BOOL: Form = { shape: [], element: "bool" }
const TRIP: Form = { shape: [], element: "int64" }

/** Those of `values`, each given after its inputs, that depend on one of `sources`. */
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
