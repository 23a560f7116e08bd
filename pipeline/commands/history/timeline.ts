// `pipeline timeline RUN`: when the nodes of a run computed, and which nodes determined how long the run took; as a
// table, a page or a picture. Knows nothing about how the bars are placed and drawn.
import { extname } from "node:path"
import { Console, Effect, Option } from "effect"
import { Store } from "../../../cache/store.ts"
import { exitCode, type ExitCode } from "../../error.ts"
import { gantt, ganttPage } from "../../history/gantt.ts"
import { nothingRan, timelineSummary, timelineTitle } from "../../history/message.ts"
import { nodesOf, type NodeEnd } from "../../history/runs.ts"
import { wholeOf } from "../../node.ts"
import { partsOf } from "../../run/provenance.ts"
import { timeline, type Span } from "../../history/timeline.ts"
import { findRun, recall } from "./find-run.ts"
import { write } from "../write.ts"
import { seconds } from "../../text/amount.ts"

export const timelineCommand = Effect.fn("timelineCommand")(function* (options: {
  readonly run: string
  readonly file: Option.Option<string>
  readonly json: boolean
}) {
  const { all, runs } = yield* recall
  const past = yield* findRun(runs, options.run)
  const ends = nodesOf(past, all)
  const found = timeline(
    (yield* Effect.forEach(ends, ([node, end]) => spanOf(node, end, ends.get(wholeOf(node))))).flat(),
  )
  if (Option.isSome(options.file))
    yield* write(
      options.file.value,
      extname(options.file.value) === ".svg" ? gantt(found) : ganttPage(timelineTitle(past), found),
    )
  if (options.json) yield* Console.log(JSON.stringify({ v: 1, run: past.run, spec: past.spec, ...found }))
  else if (Option.isSome(options.file)) yield* Console.log(options.file.value)
  else {
    yield* Console.log(timelineTitle(past))
    for (const { node, from, to, lane, critical } of found.bars) {
      yield* Console.log(
        `${critical ? "*" : " "} ${String(lane + 1).padStart(2)}  ${seconds(from).padStart(10)}  ` +
          `${seconds(to - from).padStart(10)}  ${node}`,
      )
    }
    yield* Console.log(found.bars.length === 0 ? nothingRan : timelineSummary(found))
  }
  return exitCode.done as ExitCode
})

/**
 * When a node computed, and its inputs and outputs; nothing for a node that did not compute in this run. An item also
 * has the inputs of its whole node.
 */
const spanOf = Effect.fnUntraced(function* (node: string, end: NodeEnd, whole: NodeEnd | undefined) {
  if (end._tag === "Skipped" || end.began === null) return []
  const { began, ended } = end
  if (end._tag === "Failed")
    return [{ node, began, ended, threads: 1, failed: true, takes: [], gives: [] } satisfies Span]
  const store = yield* Store
  const parts = Option.getOrUndefined(yield* partsOf(end.key))
  const record = Option.getOrUndefined(yield* store.record(end.key))
  // A node over a list has no span of its own: the spans of its items replace it.
  if (parts?.over !== undefined) return []
  const all =
    whole?._tag === "Done" && whole.key !== end.key ? Option.getOrUndefined(yield* partsOf(whole.key)) : undefined
  const takes = [parts, all].flatMap((each) => Object.values(each?.inputs ?? {}).flat())
  const gives = record?.outputs.map(({ digest }) => digest) ?? []
  return [{ node, began, ended, threads: parts?.threads ?? 1, failed: false, takes, gives } satisfies Span]
})
