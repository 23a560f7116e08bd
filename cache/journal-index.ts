// Keeps the newest value of each id, and how far each run was read. An index grows with the lines of journals and is
// kept as a snapshot. The journals are the truth: a wrong index is thrown away and built again.
import { Option } from "effect"
import type { Data } from "./digest.ts"
import type { Line } from "./journal.ts"
import { seal, unseal } from "./seal.ts"

/** How far a run was read. */
interface Progress {
  readonly bytes: number
  /** The time of its first line. */
  readonly began: number
}

export interface Index {
  readonly latest: Map<string, { readonly time: number; readonly value: Data }>
  readonly runs: Map<string, Progress>
}

export const emptyIndex = (): Index => ({ latest: new Map(), runs: new Map() })

/** Adds lines of a run that was read up to the offset `bytes`. */
export const extend = (index: Index, run: string, lines: ReadonlyArray<Line>, bytes: number): void => {
  const began = index.runs.get(run)?.began ?? Infinity
  index.runs.set(run, { bytes, began: Math.min(began, lines[0]?.time ?? Infinity) })
  for (const { id, time, value } of lines) {
    // Runs may write at the same time, but are read one after the other. Therefore the time decides, not the reading
    // order.
    if (time >= (index.latest.get(id)?.time ?? -Infinity)) index.latest.set(id, { time, value })
  }
}

/** The time of the newest line. */
export const newestTime = (index: Index): number => {
  let newest = 0
  for (const { time } of index.latest.values()) newest = Math.max(newest, time)
  return newest
}

/** The runs that wrote anything, in the order of their first lines. */
export const runsInOrder = (index: Index): ReadonlyArray<string> =>
  Array.from(index.runs)
    .filter(([, { began }]) => began < Infinity)
    .sort(([, a], [, b]) => a.began - b.began)
    .map(([run]) => run)

const kind = "journal index 1"

/** The text of a snapshot: a seal over the body, then the body. */
export const encodeIndex = ({ latest, runs }: Index): string => {
  const body = JSON.stringify({
    runs: Array.from(runs, ([run, { bytes, began }]) => [run, bytes, began < Infinity ? began : null]),
    // Columns are read twice as fast as rows.
    ids: Array.from(latest.keys()),
    times: Array.from(latest.values(), (said) => said.time),
    values: Array.from(latest.values(), (said) => said.value),
  })
  return seal(kind, body)
}

/** The index in a snapshot; none if any byte of the snapshot has changed. */
export const decodeIndex = (text: string): Option.Option<Index> =>
  Option.map(unseal(kind, text), (body) => {
    // A text with our seal has the shape that we write.
    const { runs, ids, times, values } = JSON.parse(body) as {
      readonly runs: ReadonlyArray<readonly [run: string, bytes: number, began: number | null]>
      readonly ids: ReadonlyArray<string>
      readonly times: ReadonlyArray<number>
      readonly values: ReadonlyArray<Data>
    }
    const latest: Index["latest"] = new Map()
    for (const [i, id] of ids.entries()) latest.set(id, { time: times[i]!, value: values[i]! })
    return { latest, runs: new Map(runs.map(([run, bytes, began]) => [run, { bytes, began: began ?? Infinity }])) }
  })
