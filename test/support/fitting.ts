// Do the nodes of a run fit together? Each of those that are done is to have the key that the outputs of the others
// give it, and is to give what the record of that key says: one value for one output, whoever reads it.
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Digest, Key } from "../../cache/digest.ts"
import { Store } from "../../cache/store.ts"
import { keyOf, keyParts } from "../../pipeline/key/key.ts"
import type { Plan } from "../../pipeline/plan/plan.ts"
import { provenanceOf } from "../../pipeline/run/provenance.ts"
import { digestsOf, type Settlements } from "../../pipeline/run/settled.ts"
import { bodies } from "./arithmetic.ts"
import { Notes } from "./engine.ts"
import type { RunContext } from "../../pipeline/run/context.ts"

/** The stages that never give the same twice. */
export const changing = /^(toss|blur)/

/** Throws where the nodes of a run do not fit together. */
export const fitTogether = Effect.fnUntraced(function* (
  plan: Plan,
  context: Pick<RunContext, "codeOf" | "ground">,
  settled: Settlements,
) {
  const { values } = yield* Notes
  for (const each of plan.nodes) {
    const how = settled.get(each)
    if (each._tag === "SourceNode" || how?._tag !== "Done") continue
    const inputs = digestsOf(each, settled)
    assert.strictEqual(
      how.key,
      keyOf(keyParts(each, context.codeOf(each), inputs, context.ground)),
      `the key of ${each.name}`,
    )
    assert.deepStrictEqual(yield* recorded(how.key!), how.outputs, `the record of ${each.name}`)
    if (each.over !== undefined) {
      const { pieces = [] } = Option.getOrThrow(yield* provenanceOf(how.key!))
      const items = yield* Effect.forEach(pieces, recorded)
      assert.sameDeepMembers(
        [...how.outputs],
        items.flatMap((outputs, i) => outputs!.map((output) => ({ ...output, name: `${output.name}/${i}` }))),
        `the items of ${each.name}`,
      )
    } else if (!changing.test(each.name)) {
      const read = (digest: Digest) => values.get(digest)!
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, input]) => [
          name,
          typeof input === "string" ? read(input) : input.map(read),
        ]),
      )
      assert.deepStrictEqual(
        how.outputs.map(({ digest }) => read(digest)),
        Object.values(bodies[each.stage.name]!(each.params as never, given, 0)),
        `the outputs of ${each.name}`,
      )
    }
  }
})

/** What the record of a key says of its outputs. */
const recorded = (key: Key) =>
  Effect.flatMap(Store, (store) => Effect.map(store.record(key), (record) => Option.getOrUndefined(record)?.outputs))
