// What a finished run left: the verdict of each claim, and the seconds of each figure.
import { Effect } from "effect"
import { Store } from "../../../cache/store.ts"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import { judge, verdicts, type Check, type Judged, type Verdict } from "../../../pipeline/check.ts"
import { look } from "../../../pipeline/commands/look.ts"
import type { Prediction } from "../../../pipeline/run/prediction.ts"
import type { Loaded } from "../../../pipeline/plan/load.ts"
import { verdictWord } from "../../../pipeline/run/verdict-message.ts"
import type { Node } from "../../../pipeline/node.ts"
import { noPatterns, select } from "../../../pipeline/plan/select.ts"
import type { Table } from "../../../pipeline/stage.ts"
import { decimal, interval, minus } from "../../../report/number.ts"

export interface Finished {
  readonly loaded: Loaded
  readonly predicted: ReadonlyMap<Node, Prediction>
  readonly judged: ReadonlyArray<Judged>
}

/** What a run of a spec left in a store. */
export const finishedOf = Effect.fn("finishedOf")(function* (spec: string, store: string) {
  const { get } = yield* Store
  const { loaded, predicted } = yield* look({ spec, set: {}, store })
  const { checks, scale } = loaded.built
  const judged = yield* Effect.forEach(
    checks,
    Effect.fnUntraced(function* (check) {
      const made = predicted.get(check.value.output.node)
      const stored =
        made?._tag === "Hit" ? made.outputs.find(({ name }) => name === check.value.output.name) : undefined
      const table = stored === undefined ? undefined : (codecs.table.decode(yield* get(stored.digest)) as Table)
      return judge(check, table, scale)
    }),
  )
  return { loaded, predicted, judged }
})

const rivalText = ({ value, text }: NonNullable<Check["rival"]>): string =>
  `; rival ${minus(String(Number(value.toPrecision(4))))}: ${text}`

const kindWord = { claim: "claim", prediction: "prediction", own: "own check" } as const

/** Of one claim, and of several. */
const short = {
  agrees: ["agrees", "agree"],
  excludes: ["excludes the stated number", "exclude the stated number"],
  open: ["cannot tell", "cannot tell"],
  differs: ["differs", "differ"],
  contradicts: ["contradicts", "contradict"],
  "not judged": ["is not judged", "are not judged"],
} as const satisfies { readonly [V in Verdict]: readonly [one: string, more: string] }
const counted = (some: ReadonlyArray<Judged>): string =>
  verdicts
    .map((each) => [some.filter(({ verdict }) => verdict === each).length, short[each]] as const)
    .filter(([count]) => count > 0)
    .map(([count, [one, more]]) => `${count} ${count === 1 ? one : more}`)
    .join(", ")

/** How the claims of the document came out, what is not covered, and how our own checks came out: a sentence each. */
export const tallyOf = ({ loaded, judged }: Finished): ReadonlyArray<string> => {
  const [document, own] = [
    judged.filter(({ check: { kind } }) => kind !== "own"),
    judged.filter(({ check: { kind } }) => kind === "own"),
  ]
  const adverse = document.filter(({ would }) => would !== undefined && would !== "agrees").length
  const statements = loaded.built.page.statements ?? []
  const open = statements.filter((each) => "because" in each).length
  return [
    `${document.length} claims of the document at quick scale: ${counted(document)}.`,
    ...(document.some(({ would }) => would !== undefined)
      ? [`Of those not judged, ${adverse} have values that would not agree.`]
      : []),
    `${open} of ${statements.length} statements of the document are not covered; the page says why.`,
    `${own.length} checks of our own: ${counted(own)}.`,
  ]
}

/** A row for each claim: its figure, itself, its kind, what was published, measured and expected, and the verdict. */
export const claimRows = ({ loaded, judged }: Finished): ReadonlyArray<ReadonlyArray<string>> =>
  judged.map(({ check, expect, measured, spread, verdict, would }) => [
    loaded.built.page.figures.find(({ checks }) => checks?.includes(check.id))?.id ?? "",
    minus(check.claim),
    kindWord[check.kind ?? "claim"],
    minus(check.published ?? ""),
    measured === null ? "" : spread === null || Number.isNaN(spread) ? decimal(measured) : interval(measured, spread),
    `${minus(expect.text)}${check.rival === undefined ? "" : rivalText(check.rival)}`,
    `${verdictWord(verdict)}${would === undefined ? "" : ` (would be: ${verdictWord(would)})`}`,
  ])

/** Each figure's nodes, less those of figures before it, and the seconds they took. */
export const secondsByFigure = ({
  loaded,
  predicted,
}: Finished): ReadonlyArray<{ readonly id: string; readonly nodes: number; readonly seconds: number }> => {
  const counted = new Set<Node>()
  return loaded.built.page.figures.map(({ id }) => {
    const { plan, leftOut } = select(loaded.plan, { ...noPatterns, until: [`figure/${id}`] })
    const own = plan.nodes.filter((node) => !leftOut.has(node) && !counted.has(node) && node._tag === "StageNode")
    for (const node of own) counted.add(node)
    const seconds = own
      .map((node) => predicted.get(node))
      .reduce((sum, made) => sum + (made?._tag === "Hit" ? made.seconds : Number.NaN), 0)
    return { id, nodes: own.length, seconds }
  })
}
