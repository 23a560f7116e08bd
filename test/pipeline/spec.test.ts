// Config values from defaults, scale and --set, in that order; and every mistake in them said at once.
import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { cell, within, type Check } from "../../pipeline/check.ts"
import { SpecError } from "../../pipeline/error.ts"
import { node, type StageNode } from "../../pipeline/node.ts"
import { setting, spec } from "../../pipeline/spec.ts"
import { stage, Table } from "../../pipeline/stage.ts"
import { unloaded } from "../support/arithmetic.ts"

const page = { title: "", lead: [], figures: [], render: () => Promise.reject<never>(new Error("no page")) }
const config = {
  widths: setting(Schema.Array(Schema.Int), [64, 128], "Widths of the hidden layers"),
  lr: setting(Schema.Number, 0.1, "Learning rate"),
  bias: setting(Schema.Boolean, true, "Whether there is a bias"),
  dataset: setting(Schema.Literals(["parity", "mnist"]), "parity", "What is learned"),
  note: setting(Schema.String, "", "Anything"),
  names: setting(Schema.Array(Schema.String), [], "Names"),
  seed: setting(Schema.Int, 3, "The seed"),
}
let seen: unknown
const built = spec({
  config,
  scales: { quick: {}, paper: { lr: 0.01, widths: [1024] } },
  nodes: (values) => {
    seen = values
    return []
  },
  checks: () => [],
  page: () => page,
})
const valueOf = (name: string, text: string): unknown =>
  built.build({ [name]: text }).config.find((each) => each.name === name)!.value
const refusal = (settings: { readonly [name: string]: string }): string => {
  try {
    built.build(settings)
  } catch (error) {
    if (error instanceof SpecError && error.reason === "BadConfig") return error.message
    throw error
  }
  throw new Error("it was taken")
}

describe("a setting", () => {
  it("is read as the type its schema takes", () => {
    expect(valueOf("lr", "0.5")).toBe(0.5)
    expect(valueOf("lr", "1e-3")).toBe(0.001)
    expect(valueOf("lr", "-2")).toBe(-2)
    expect(valueOf("bias", "false")).toBe(false)
    expect(valueOf("dataset", "mnist")).toBe("mnist")
    expect(valueOf("note", "a, b")).toBe("a, b")
    expect(valueOf("note", "")).toBe("")
  })

  it("that is a list takes commas, spaces, brackets, and one value", () => {
    expect(valueOf("widths", "64,128")).toEqual([64, 128])
    expect(valueOf("widths", "64, 128")).toEqual([64, 128])
    expect(valueOf("widths", "[64,128]")).toEqual([64, 128])
    expect(valueOf("widths", "64")).toEqual([64])
    expect(valueOf("names", "a,b")).toEqual(["a", "b"])
    expect(valueOf("names", "a")).toEqual(["a"])
  })

  it("that is a text stays a text where it looks like a number", () => {
    expect(valueOf("note", "64")).toBe("64")
    expect(valueOf("note", "true")).toBe("true")
    expect(valueOf("names", "1,2")).toEqual(["1", "2"])
  })
})

describe("spec", () => {
  it("takes defaults, then the scale's values, then --set", () => {
    built.build({})
    expect(seen).toEqual({ widths: [64, 128], lr: 0.1, bias: true, dataset: "parity", note: "", names: [], seed: 3 })
    built.build({ scale: "paper", lr: "0.5" })
    expect(seen).toMatchObject({ widths: [1024], lr: 0.5 })
  })

  it("gives the scale (the first unless told), the seed, and each value with its description", () => {
    expect(built.build({})).toMatchObject({ scale: "quick", seed: 3 })
    expect(built.build({ scale: "paper", seed: "9" })).toMatchObject({ scale: "paper", seed: 9 })
    expect(built.build({}).config[1]).toEqual({ name: "lr", value: 0.1, description: "Learning rate" })
  })

  it("without scales and seed has one scale and seed 0", () => {
    const plain = spec({ config: {}, nodes: () => [], checks: () => [], page: () => page })
    expect(plain.build({})).toMatchObject({ scale: "only", seed: 0 })
  })

  it("can be built many times", () => {
    expect(built.build({ lr: "1" })).toEqual(built.build({ lr: "1" }))
    expect(built.build({})).not.toEqual(built.build({ lr: "1" }))
  })

  it("names every unknown and every ill-typed setting at once", () => {
    const [head, ...problems] = refusal({
      widhts: "64",
      lr: "fast",
      widths: "64,x",
      dataset: "cifar",
      bias: "maybe",
      seed: "1.5",
    }).split("\n")
    expect(head).toBe("The config does not fit the spec:")
    expect(problems[0]).toBe(
      "  widhts=64: there is no such setting; the settings are scale, widths, lr, bias, dataset, note, names, seed",
    )
    expect(problems.slice(1).map((line) => line.split(": ")[0])).toEqual([
      "  widths=64,x",
      "  lr=fast",
      "  bias=maybe",
      "  dataset=cifar",
      "  seed=1.5",
    ])
  })

  it("says of a list which of its values does not fit", () => {
    expect(refusal({ widths: "64,x" })).toMatch(/\[1\]/)
  })

  it("refuses an unknown scale, naming those there are", () => {
    expect(refusal({ scale: "huge" })).toBe(
      "The config does not fit the spec:\n  scale=huge: there is no such scale; the scales are quick, paper",
    )
    expect(refusal({ scale: "toString" })).toMatch(/no such scale/)
  })

  it("refuses a setting that every object has by birth", () => {
    expect(refusal({ constructor: "1" })).toMatch(/constructor=1: there is no such setting/)
  })

  it("blames the scale for a value of the scale", () => {
    const wrong = spec({
      config: { lr: config.lr },
      scales: { quick: { lr: "fast" as never } },
      nodes: () => [],
      checks: () => [],
      page: () => page,
    })
    expect(() => wrong.build({})).toThrow(/lr="fast"/)
  })

  it("of a scale that is none is refused: its value would be left out", () => {
    expect(() => empty({ config, scales: { quick: {}, paper: { wdiths: [1] } as never } }).build({})).toThrow(
      "The config does not fit the spec:\n  scale paper: there is no setting wdiths; similar: widths",
    )
  })

  it("may not be named scale, as that word already takes a scale", () => {
    expect(() => empty({ config: { scale: config.lr } }).build({})).toThrow("scale: this name is taken")
  })
})

const empty = (given: Pick<Parameters<typeof spec>[0], "config" | "scales">) =>
  spec({ ...given, nodes: () => [], checks: () => [], page: () => page })

const slopes = stage(import.meta, "slopes", {
  params: Schema.Struct({}),
  inputs: {},
  outputs: { table: Table },
  run: unloaded,
})
const slope = cell(node(slopes, {}, {}).out.table, {}, "slope")
const checked = (rest: Partial<Check>) => () =>
  spec({
    config,
    scales: { quick: {}, paper: {} },
    nodes: () => [],
    page: () => page,
    checks: () => [{ id: "slope", claim: "", source: "", value: slope, expect: within(0, 1), ...rest }],
  }).build({})

describe("a check", () => {
  it("that names a scale the spec does not have is refused", () => {
    expect(checked({ at: { papr: within(0, 2) } })).toThrow(
      "check slope: there is no scale papr; the scales are quick, paper",
    )
    expect(checked({ scales: ["papr"] })).toThrow("check slope: there is no scale papr; the scales are quick, paper")
    expect(checked({ scales: ["paper"], at: { paper: within(0, 2) } })).not.toThrow()
  })
})

const stating = (claims: ReadonlyArray<string>) => () =>
  spec({
    config,
    nodes: () => [],
    page: () => ({ ...page, statements: [{ source: "Fig. 1", statement: "It falls.", claims }] }),
    checks: () =>
      (["claim", "own"] as const).map((kind) => ({
        id: kind,
        kind,
        claim: "",
        source: "",
        value: slope,
        expect: within(0, 1),
      })),
  }).build({})

describe("a statement of the document", () => {
  it("is covered by a claim, not by checks of our own alone", () => {
    expect(stating(["claim", "own"])).not.toThrow()
    expect(stating(["own"])).toThrow("The statement of Fig. 1 is covered by checks of our own alone (own).")
    expect(stating(["clame"])).toThrow("Fig. 1: clame; similar: claim")
  })
})

describe("an account of text and program", () => {
  it("names claims that exist", () => {
    const account = { subject: "inputs", text: "normal", program: "uniform", finding: "", claims: ["slop"] }
    const built = () =>
      spec({
        config,
        nodes: () => [],
        page: () => ({ ...page, accounts: [account] }),
        checks: () => [{ id: "slope", claim: "", source: "", value: slope, expect: within(0, 1) }],
      }).build({})
    expect(built).toThrow("account of inputs: slop; similar: slope")
  })
})

const asked = (seconds: () => unknown) => () =>
  spec({ config, nodes: () => [], checks: () => [], page: () => page, seconds: seconds as () => number })
    .build({})
    .seconds(slope.output.node as StageNode)

describe("the seconds that a spec expects", () => {
  it("are a number from 0, or unknown", () => {
    expect(asked(() => 3)()).toBe(3)
    expect(asked(() => undefined)()).toBeUndefined()
    for (const odd of [Number.NaN, Infinity, -1, null, "3", 3n, Promise.resolve(3)])
      expect(asked(() => odd)).toThrow(/^The spec's seconds for \S+ are .*\. Return a number of core-seconds/)
    const broken = asked(() => {
      throw new Error("no table")
    })
    expect(broken).toThrow("throw Error: no table. Return")
  })
})
