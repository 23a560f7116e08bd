// A spec to be killed, damaged and starved: layers of cheap nodes, each made of two of the layer before. What they
// give is of four lengths, one of them above the megabyte from which on a store writes without blocking.

import { waiting } from "./waiting.ts"

/** The text of the spec, for `specs/` of a project. */
export const layered = `
import { Effect, Schema } from "effect"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { Bytes, many, stage } from "../pipeline/stage.ts"
${waiting}
const lengths = [40, 3000, 200_000, 1_300_000]
export const cell = stage(import.meta, "cell", {
  params: Schema.Struct({ layer: Schema.Int, place: Schema.Int, wait: Schema.Int }),
  inputs: { above: many(Bytes) }, outputs: { bytes: Bytes },
  run: async () => ({ run: ({ params: { layer, place, wait: pause }, inputs: { above } }) => Effect.gen(function* () {
    yield* Effect.log("cell", layer, place)
    if (pause > 0) yield* Effect.promise(() => wait(pause))
    // Differs from place to place, and with all that is above; long, but quickly made.
    const mixed = above.reduce((sum, bytes) => (sum * 31 + bytes[0] + 256 * bytes[1]) % 65_521, 7 * layer + place + 1)
    const bytes = new Uint8Array(lengths[(layer + place) % 4])
    return { bytes: bytes.fill(mixed >> 8).fill(mixed & 255, 0, 1).fill(layer, 2, 3).fill(place, 3, 4) }
  }) }),
})
export default spec({
  config: {
    width: setting(Schema.Int, 6, "nodes of a layer"),
    depth: setting(Schema.Int, 6, "layers"),
    wait: setting(Schema.Int, 0, "milliseconds a node waits"),
  },
  nodes: ({ width, depth, wait }) => {
    let above = []
    for (let layer = 0; layer < depth; layer++) {
      const taken = above
      above = Array.from({ length: width }, (_, place) => {
        const two = taken.length === 0 ? [] : [taken[place].out.bytes, taken[(place + 1) % width].out.bytes]
        return node(cell, { layer, place, wait }, { above: two }, { layer, place })
      })
    }
    return above
  },
  checks: () => [],
  page: () => ({
    title: "Layers", lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", "<title>Layers</title>"]]) }),
  }),
})
`
