// What does the store hold for a spec as it is now? Every node that is done, and the nodes that would run. Knows
// nothing about what the caller does with them.
import { Effect } from "effect"
import { predict } from "../run/predict.ts"
import { load } from "../plan/load.ts"
import { prepare, type Limits } from "../run/context.ts"
import type { Settlements } from "../run/settled.ts"
import type { LookOptions } from "./look.ts"

export const currentResults = Effect.fn("currentResults")(function* (options: LookOptions & Limits) {
  const loaded = yield* load(options.spec, options.set)
  const prepared = yield* prepare(loaded, options.store, options)
  const predicted = yield* predict(loaded.plan, prepared.context)
  const settled: Settlements = new Map(
    [...predicted].flatMap(([node, what]) =>
      what._tag === "Hit" ? [[node, { ...what, _tag: "Done", outcome: "hit" }]] : [],
    ),
  )
  return { loaded, ...prepared, settled, open: [...predicted].filter(([, what]) => what._tag !== "Hit") }
})
