// How do the results of a spec differ from their lock? Pure. On the machine of the lock, keys and digests are compared;
// on another machine, numbers. Knows nothing about where locks come from.
import { disagreement, measuredDisagree, type Disagreement } from "../artifact/agree.ts"
import type { Lock } from "./lock.ts"

type LockedCheck = Lock["checks"][string]

export type LockDifference = { readonly name: string } & (
  | { readonly _tag: "Missing" | "New"; readonly what: "node" | "check" | "table" }
  | {
      readonly _tag: "Key"
      readonly what: "node"
      readonly before: Lock["nodes"][string]["key"]
      readonly after: Lock["nodes"][string]["key"]
    }
  | {
      readonly _tag: "Output"
      readonly what: "node"
      readonly output: string
      readonly before: string | undefined
      readonly after: string | undefined
    }
  | { readonly _tag: "Value"; readonly what: "table"; readonly apart: Disagreement }
  | {
      readonly _tag: "Verdict" | "Expectation"
      readonly what: "check"
      readonly before: LockedCheck
      readonly after: LockedCheck
    }
)

/**
 * How far apart numbers may be: the tolerance that was asked for; otherwise 0 on the machine of the lock, and the
 * tolerance in the lock on another machine.
 */
export const toleranceBetween = (locked: Lock, made: Lock, asked: number | undefined): number =>
  asked ?? (onOneMachine(locked, made) ? 0 : locked.tolerance)

/** Whether both locks were made on the same kind of machine (platform, Node version, processor). */
export const onOneMachine = ({ machine: a }: Lock, { machine: b }: Lock): boolean =>
  a.platform === b.platform && a.node === b.node && a.processor === b.processor

/** All differences, nodes first. With a tolerance above 0, digests are not compared, except the digests of sources. */
export const lockDifferences = (locked: Lock, made: Lock, tolerance: number): ReadonlyArray<LockDifference> => [
  ...between("node", locked.nodes, made.nodes, (name, before, after) => {
    if (tolerance > 0 && before.key !== null) return []
    if (before.key !== after.key) return [{ _tag: "Key", what: "node", name, before: before.key, after: after.key }]
    const outputs = [...new Set([...Object.keys(before.outputs), ...Object.keys(after.outputs)])].filter(
      (output) => before.outputs[output] !== after.outputs[output],
    )
    return outputs.map((output) => ({
      _tag: "Output",
      what: "node",
      name,
      output,
      before: before.outputs[output],
      after: after.outputs[output],
    }))
  }),
  ...between("table", locked.tables, made.tables, (name, before, after) => {
    const apart = disagreement("table", before, after, tolerance)
    return apart === undefined ? [] : [{ _tag: "Value", what: "table", name, apart }]
  }),
  ...between("check", locked.checks, made.checks, (name, before, after) => [
    ...(before.expects === after.expects ? [] : [{ _tag: "Expectation", what: "check", name, before, after } as const]),
    ...(before.verdict === after.verdict &&
    (!measuredDisagree(before.measured, after.measured, tolerance) || (tolerance > 0 && withinSpread(before, after)))
      ? []
      : [{ _tag: "Verdict", what: "check", name, before, after } as const]),
  ]),
]

/** Whether the values are at most the larger of the two spreads apart. */
const withinSpread = (before: LockedCheck, after: LockedCheck): boolean =>
  Math.abs(Number(before.measured) - Number(after.measured)) <= Math.max(Number(before.spread), Number(after.spread))

/** The entries that only one lock has, and what `compare` finds in the entries of both. */
const between = <A>(
  what: "node" | "check" | "table",
  locked: { readonly [name: string]: A },
  made: { readonly [name: string]: A },
  compare: (name: string, before: A, after: A) => ReadonlyArray<LockDifference>,
): ReadonlyArray<LockDifference> =>
  [...new Set([...Object.keys(locked), ...Object.keys(made)])].flatMap((name): ReadonlyArray<LockDifference> => {
    const [before, after] = [locked[name], made[name]]
    if (after === undefined) return [{ _tag: "Missing", what, name }]
    if (before === undefined) return [{ _tag: "New", what, name }]
    return compare(name, before, after)
  })
