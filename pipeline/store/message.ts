// Every sentence about the store that a person reads: what takes room, what may go, what is damaged. Knows nothing
// about how this is found out.
import type { Waste } from "../../cache/collect.ts"
import type { Fault, Findings } from "../../cache/fsck.ts"
import type { Holder } from "../../cache/holder.ts"
import type { Holding } from "./stock.ts"
import { count, bytes, firstOf as some } from "../text/amount.ts"

const short = (digest: string): string => digest.slice(0, 12)

/** The name of a part of the store. */
const nameOf = ({ kind, stage }: Pick<Holding, "kind" | "stage">): string => stage ?? `(${kind})`

export const holding = (each: Holding): string =>
  `${bytes(each.bytes).padStart(10)}  ${nameOf(each)}  ` +
  `${each.kind === "stage" ? count(each.records, "record") : count(each.files, "file")}`

export const holdingTotal = (all: ReadonlyArray<Holding>): string =>
  `${bytes(sum(all.map((each) => each.bytes))).padStart(10)}  in all, ` +
  `${count(sum(all.map((each) => each.records)), "record")} in ` +
  `${count(sum(all.map((each) => each.files)), "file")}`

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

export const busy = (holders: ReadonlyArray<Holder>): string =>
  "A run is using this store " +
  `(${[...new Set(holders.map(({ pid, host }) => `process ${pid} on ${host}`))].join(", ")}). Wait until it ends, ` +
  "and try again."

export const nothingToKeep =
  "Everything would be removed: no record belongs to a named spec or to the last runs. To empty a store, " +
  "delete its directory."

export const noStore = (directory: string): string =>
  `There is no store in ${directory}. Name its directory: --store DIRECTORY. A run makes a store.`

/** One kind of waste of a collection. */
export const waste = (kind: string, group: ReadonlyArray<Waste>): string =>
  `${bytes(sum(group.map((each) => each.bytes))).padStart(10)}  ${kind}  ` +
  `${count(group.length, group[0]!._tag === "Record" ? "record" : group[0]!._tag === "Debris" ? "file" : "blob")}`

export const collected = (removed: ReadonlyArray<Waste>, left: number, dryRun: boolean): string => {
  const amount = bytes(sum(removed.map((each) => each.bytes)))
  return dryRun
    ? `${amount} would be removed, ${bytes(left)} would stay. Nothing was removed.`
    : `${amount} removed, ${bytes(left)} stay.`
}

export const interrupted = (left: number): string =>
  `A run began, so the collection ended early: ${count(left, "thing")} that may be removed are still there.`

export const examining = (done: number, all: number): string => `${bytes(done)} of ${bytes(all)} hashed`

export const fault = (what: Fault): string => {
  switch (what._tag) {
    case "DamagedBlob":
      return `damaged  blob ${short(what.digest)} (${bytes(what.bytes)}): put aside`
    case "TornRecord":
      return `torn     record ${short(what.key)}: put aside`
    case "MissingBlob":
      return `missing  blob ${short(what.digest)}, ${what.part} of record ${short(what.key)}`
    case "DamagedJournal":
      return (
        `damaged  journal of run ${what.run}, ${count(what.lines, "line")}: a copy was put aside, its other lines ` +
        "stay"
      )
    case "ShortJournal":
      return `missing  lines of the journal of run ${what.run}: it is shorter than it was`
    case "DamagedIndex":
      return "damaged  snapshot of the journals: put aside, it is built again"
  }
}

export const findings = ({ faults, blobs, records, journals, unreferenced, leftovers, foreign }: Findings): string => {
  const waste = [
    ...(unreferenced.count === 0
      ? []
      : [`${count(unreferenced.count, "blob")} that no record names (${bytes(unreferenced.bytes)})`]),
    ...(leftovers.count === 0 ? [] : [`${leftovers.count} half-written (${bytes(leftovers.bytes)})`]),
  ]
  const wrong =
    faults.length === 0
      ? "all are as they were written"
      : `${count(faults.length, "fault")} found; run the spec to make the results that it needs again, and ` +
        "pipeline gc to remove the rest"
  const removable = waste.length === 0 ? "" : ` · ${waste.join(", ")}: pipeline gc removes what is not needed`
  const beside =
    foreign.length === 0
      ? ""
      : ` · ${count(foreign.length, "other file")} in the directory, left alone: ${some(foreign)}`
  return (
    `${count(blobs.count, "blob")} (${bytes(blobs.bytes)}), ${count(records, "record")}, ` +
    `${count(journals, "journal")}: ` +
    `${wrong}${removable}${beside}`
  )
}
