// Every sentence about verified and locked results that a person reads. Imports nothing that imports
// `printer/message.ts`, because that file takes the lines of events from here. Knows nothing about how results are
// compared.
import type { Disagreement, OutputDiffers } from "../artifact/agree.ts"
import type { VerifyCounts } from "../event.ts"
import type { Lock } from "./lock.ts"
import type { LockDifference } from "./lock-difference.ts"
import { verdictWord } from "../run/verdict-message.ts"
import { count } from "../text/amount.ts"

const short = (value: unknown): string => {
  const text = typeof value === "number" ? String(value) : String(value).slice(0, 60)
  return /^[0-9a-f]{60,64}$/.test(text) ? text.slice(0, 12) : text
}
const took = (seconds: number): string => `${seconds.toFixed(1)} s`

/** Where two values differ, and by how much. */
const apart = ({ where, first, second, relative }: Disagreement): string =>
  `${where}: ${short(first)} → ` +
  `${short(second)}${relative === null ? "" : ` (relative difference ${Number(relative.toPrecision(2))})`}`

export const verified = (node: string, differs: ReadonlyArray<OutputDiffers>, seconds: number): string =>
  differs.length === 0
    ? `same    ${node} (${took(seconds)})`
    : `differs ${node}: ${differs.map((each) => `${each.output}, ${apart(each)}`).join("; ")}. The first result stays.`

export const unverifiable = (node: string, gone: string): string =>
  `cannot  ${node}: it needs an output of ${gone} that is no longer in the store, so it cannot run again`

/** The last line of a verification. */
export const verifySummary = (
  { same, differs, failed, unverifiable, skipped, unsampled, unmade }: VerifyCounts,
  seconds: number,
): string => {
  const done = same + differs + failed
  const ends = [
    `${same} the same`,
    `${differs} ${differs === 1 ? "differs" : "differ"}`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
  ]
  const others = [
    ...(unsampled === 0 ? [] : [`${unsampled} not in the sample`]),
    ...(unverifiable === 0 ? [] : [`${unverifiable} cannot be verified, because an input is gone`]),
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
    ...(unmade === 0 ? [] : [`${unmade} ${unmade === 1 ? "was" : "were"} not made yet`]),
  ]
  return [`${count(done, "node")} verified: ${ends.join(", ")}`, ...others, took(seconds)].join(" · ")
}

export const notASample = (text: string): string =>
  `${text} is not a sample. Write a share such as 5%, or a number of nodes such as 20.`

/** How much a lock holds. */
const holds = ({ nodes, checks, tables }: Lock): string =>
  [[nodes, "node"] as const, [checks, "check"] as const, [tables, "table"] as const]
    .map(([some, word]) => count(Object.keys(some).length, word))
    .join(", ")

export const lockWritten = (file: string, lock: Lock): string => `${file}  ${holds(lock)}`

export const lockInTheWay = (file: string): string =>
  `${file} exists and is not a lock, so it is not overwritten. Move it away, or name another file: -o FILE`

/** For a spec that is not done. */
export const notAllMade = (open: number): string =>
  `${count(open, "node")} would run, so some results are missing. Run the spec first.`

export const noLock = (file: string, spec: string): string =>
  `There is no lock ${file}. Write it with: pipeline lock ${spec} -o ${file}`
export const notALock = (file: string, spec: string, why: string): string =>
  `${file} cannot be read as a lock of this version: ${why}\nWrite it again with: pipeline lock ${spec} -o ${file}`
export const notCompared = (missing: number): string =>
  `Nothing was compared with the lock: ${count(missing, "node")} could not be made.`

const measured = ({ verdict, measured: value }: Lock["checks"][string]): string =>
  `${verdictWord(verdict)}${value === null ? "" : ` ${value}`}`

/** One difference from a lock. `changes` are the changes in a key, if they are known. */
export const lockDiffers = (each: LockDifference, changes: ReadonlyArray<string>): string => {
  switch (each._tag) {
    case "Missing":
      return `missing ${each.what} ${each.name}: it is in the lock, but no longer in the results`
    case "New":
      return `new     ${each.what} ${each.name}: it is not in the lock`
    case "Key":
      return changes.length > 0
        ? `key     ${each.name}: ${changes.join(", ")}`
        : `key     ${each.name}: ${short(each.before)} → ${short(each.after)}; ` +
            "this store does not know how the locked key was made"
    case "Output":
      return `output  ${each.name}: ${each.output} ${short(each.before ?? "(none)")} → ${short(each.after ?? "(none)")}`
    case "Value":
      return `table   ${each.name}: ${apart(each.apart)}`
    case "Expectation":
      return `check   ${each.name}: expects ${each.after.expects}; the lock has ${each.before.expects}`
    case "Verdict":
      return `check   ${each.name}: ${measured(each.before)} → ${measured(each.after)}`
  }
}

/** The last line of a comparison with a lock. */
export const lockSummary = (
  locked: Lock,
  {
    lock,
    tolerance,
    oneMachine,
    differences,
    seconds,
  }: {
    readonly lock: string
    readonly tolerance: number
    readonly oneMachine: boolean
    readonly differences: number
    readonly seconds: number
  },
): string => {
  const { platform, node, processor } = locked.machine
  const elsewhere = oneMachine ? "" : `, which was made on ${platform}, Node ${node}, ${processor}`
  const how = tolerance === 0 ? "bit for bit" : `numbers within ${tolerance}`
  return (
    `${holds(locked)} compared with ${lock}${elsewhere}: ` +
    `${differences === 0 ? "no difference" : count(differences, "difference")}, ${how} · ${took(seconds)}`
  )
}
