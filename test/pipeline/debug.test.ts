import { it } from "@effect/vitest"
import { Effect } from "effect"
import { run, read } from "../../pipeline/run.ts"
import { Notes, outcomes, world } from "../support/engine.ts"
import { sceneOf } from "../support/history.ts"
import { storedOf } from "../../pipeline/settled.ts"
import { foresee } from "../../pipeline/foresee.ts"
import * as message from "../../pipeline/message/run.ts"
import { readFileSync } from "node:fs"
import { CacheError } from "../../cache/store.ts"
it("x", () => Effect.runPromise(Effect.gen(function* () {
  const story = JSON.parse(readFileSync("/tmp/story.json", "utf8"))[0]
  const scene = yield* sceneOf(run, story)
  const { plan, context, begin, harm } = scene!
  const notes = yield* Notes
  for (const [{ name }, what] of yield* foresee(plan, context)) console.log(name, message.foreseen(what))
  yield* begin
  const settled = yield* run(plan, context)
  const show = () => { for (const e of notes.events.splice(0)) if (e._tag !== "NodeProgress") console.log(e._tag, "node" in e ? e.node : "", message.line(e) ?? ("outcome" in e ? e.outcome : "")) }
  show()
  console.log(outcomes(settled))
  for (const [n, h] of settled) console.log(n.name, h._tag === "Done" ? h.outputs.map((o) => `${o.name}=${notes.values.get(o.digest)} ${o.digest.slice(0, 6)}`).join(" ") : "", "inputs" in n ? Object.values(n.inputs).flat().map((o) => o.node.name) : "")
  console.log("--- after")
  for (const { of } of story.harms) yield* harm(of, "lost")
  const outputs = plan.nodes.flatMap((each) => (each._tag === "StageNode" && each.over === undefined ? Object.values((each as any).out) : [])) as any
  const end = yield* Effect.result(Effect.scoped(read(outputs, "the page", plan, settled, context)))
  show()
  console.log(end._tag === "Failure" ? (end.failure as CacheError).what.slice(0, 6) : "ok")
}).pipe(Effect.provide(world))))
