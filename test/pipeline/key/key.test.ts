// What is in a key, part by part, and what is not; how two keys differ in words; and where seeds come from.
import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import type { Digest } from "../../../cache/digest.ts"
import { difference, keyOf, keyParts, seedOf, type Ground, type KeyParts } from "../../../pipeline/key/key.ts"
import { node, type Labels } from "../../../pipeline/node.ts"
import { Json, stage } from "../../../pipeline/stage.ts"
import { draw, given, sum, unloaded, wide } from "../../support/arithmetic.ts"

const digest = (letter: string): Digest => letter.repeat(64) as Digest
const parts: KeyParts = {
  format: 1,
  stage: "train",
  code: digest("c"),
  packages: { effect: "4.1.0 sha512-e" },
  params: { lr: 0.1, widths: [64, 128], net: { depth: 2 } },
  inputs: { data: digest("d"), tables: [digest("1"), digest("2")] },
  seed: 7,
  threads: 1,
  node: "24",
  platform: "linux-x64",
  environment: { LANG: null },
}

describe("keyOf", () => {
  it("is this for these parts, on every machine and for ever", () => {
    // By digest.ts of 2026-11: a change here makes every store cold. digest.test.ts holds the encoding itself.
    expect(keyOf(parts)).toBe("090886762c587ff54be62d5eb01cb840a218b22904659a2750057e53533763aa")
  })

  const changes: { readonly [part in keyof KeyParts]: KeyParts[part] } = {
    format: 2,
    stage: "trial",
    code: digest("e"),
    packages: { effect: "4.1.1 sha512-e" },
    params: { lr: 0.2, widths: [64, 128], net: { depth: 2 } },
    inputs: { data: digest("e"), tables: [digest("1"), digest("2")] },
    seed: 8,
    threads: 2,
    node: "26",
    platform: "linux-arm64",
    environment: { LANG: "C" },
  }
  for (const [part, value] of Object.entries(changes)) {
    it(`changes with the ${part}`, () => {
      expect(keyOf({ ...parts, [part]: value })).not.toBe(keyOf(parts))
    })
  }

  it("changes with the order of what an input gathers", () => {
    expect(keyOf({ ...parts, inputs: { ...parts.inputs, tables: [digest("2"), digest("1")] } })).not.toBe(keyOf(parts))
  })

  it("is independent of the order of params, inputs, packages and parts", () => {
    const turned = Object.fromEntries(
      Object.entries(parts)
        .toReversed()
        .map(([name, value]) => [name, turn(value)]),
    ) as unknown as KeyParts
    expect(Object.keys(turned)[0]).toBe("environment")
    expect(keyOf(turned)).toBe(keyOf(parts))
  })
})

const turn = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, each]) => [name, turn(each)]),
      )
    : value

const ground: Ground = {
  seed: 5,
  node: "24",
  platform: "linux-x64",
  conditions: [],
  environment: { SECRET: "x", LANG: "C" },
}
const code = { digest: digest("c"), imports: [], packages: {} }

describe("keyParts", () => {
  it("leaves out the labels, replica included, of a stage that does not draw", () => {
    const labels: ReadonlyArray<Labels> = [{}, { h: 64 }, { replica: 3 }]
    expect(
      new Set(labels.map((each) => keyOf(keyParts(node(given, { value: 1 }, {}, each), code, {}, ground)))).size,
    ).toBe(1)
  })

  it("leaves out the spec's seed of a stage that does not draw", () => {
    const one = node(given, { value: 1 }, {})
    expect(keyParts(one, code, {}, { ...ground, seed: 6 })).toEqual(keyParts(one, code, {}, ground))
    expect(keyParts(one, code, {}, ground).seed).toBeNull()
  })

  it("takes the declared variables and no others", () => {
    const speaking = stage(import.meta, "speaking", {
      params: Schema.Struct({}),
      inputs: {},
      outputs: { value: Json },
      environment: ["LANG", "TZ"],
      run: unloaded,
    })
    expect(keyParts(node(speaking, {}, {}), code, {}, ground).environment).toEqual({ LANG: "C", TZ: null })
  })

  it("takes the threads a stage declares", () => {
    expect(keyParts(node(wide, { value: 1 }, {}), code, {}, ground).threads).toBe(2)
  })
})

const seed = ({
  sides = 6,
  labels = {},
  spec = 5,
}: {
  readonly sides?: number
  readonly labels?: Labels
  readonly spec?: number
}): number => seedOf(node(draw, { sides }, {}, labels), spec)

describe("seedOf", () => {
  it("depends on stage, params, replica and the spec's seed", () => {
    const seeds = [
      seed({}),
      seed({ sides: 8 }),
      seed({ labels: { replica: 1 } }),
      seed({ spec: 6 }),
      seedOf({ ...node(draw, { sides: 6 }, {}), stage: { ...node(draw, { sides: 6 }, {}).stage, name: "toss" } }, 5),
    ]
    expect(new Set(seeds).size).toBe(5)
  })

  it("depends on nothing else", () => {
    expect(seed({ labels: { alpha: 0.1, replica: 0 } })).toBe(seed({}))
  })

  it("is a whole number of 48 bits", () => {
    expect(seed({})).toBe(7_153_034_494_458) // by digest.ts of 2026-11
    expect(seed({})).toBeLessThan(2 ** 48)
  })
})

const paths = (change: Partial<KeyParts>): ReadonlyArray<string> =>
  difference(parts, { ...parts, ...change }).map(({ path }) => path)

describe("difference", () => {
  it("of equal parts is empty", () => {
    expect(difference(parts, { ...parts })).toEqual([])
  })

  it("names what differs as people do, with old and new", () => {
    expect(
      difference(parts, {
        ...parts,
        params: { lr: 0.2, widths: [64], net: { depth: 2 } },
        packages: { effect: "4.2.0 sha512-f" },
      }),
    ).toEqual([
      { path: "package effect", before: "4.1.0 sha512-e", after: "4.2.0 sha512-f" },
      { path: "params.lr", before: "0.1", after: "0.2" },
      { path: "params.widths", before: "[64,128]", after: "[64]" },
    ])
  })

  it("names a leaf deep in the params, an input, the code and a variable", () => {
    expect(paths({ params: { lr: 0.1, widths: [64, 128], net: { depth: 3 } } })).toEqual(["params.net.depth"])
    expect(paths({ inputs: { data: digest("f"), tables: parts.inputs["tables"]! } })).toEqual(["inputs.data"])
    expect(paths({ code: digest("f") })).toEqual(["code"])
    expect(paths({ environment: { LANG: "C" } })).toEqual(["variable LANG"])
  })

  it("tells a param that came from one that went", () => {
    expect(difference({ ...parts, params: {} }, { ...parts, params: { lr: 1 } })).toEqual([
      { path: "params.lr", before: undefined, after: "1" },
    ])
    expect(difference({ ...parts, params: { lr: 1 } }, { ...parts, params: {} })).toEqual([
      { path: "params.lr", before: "1", after: undefined },
    ])
  })

  it("is never empty where the keys differ", () => {
    const pairs: ReadonlyArray<readonly [KeyParts["params"], KeyParts["params"]]> = [
      [{ x: 1 }, { x: "1" }],
      [{ x: null }, { x: "null" }],
      [{ x: ["a,b"] }, { x: ["a", "b"] }],
      [{ x: [] }, { x: "" }],
      [{}, { x: {} }],
      [{ x: 0 }, { x: -0 }],
      [{ x: [{ y: 1 }] }, { x: { 0: { y: 1 } } }],
    ]
    for (const [before, after] of pairs) {
      expect(keyOf({ ...parts, params: before })).not.toBe(keyOf({ ...parts, params: after }))
      expect(
        difference({ ...parts, params: before }, { ...parts, params: after }),
        JSON.stringify([before, after]),
      ).not.toEqual([])
    }
  })

  it("leaves out nothing that a stage gathers", () => {
    const gathering = keyParts(node(sum, { plus: 1 }, { terms: [] }), code, { terms: [digest("1")] }, ground)
    expect(difference(gathering, { ...gathering, inputs: { terms: [digest("1"), digest("2")] } })).toEqual([
      {
        path: "inputs.terms",
        before: JSON.stringify([digest("1")]),
        after: JSON.stringify([digest("1"), digest("2")]),
      },
    ])
  })
})
