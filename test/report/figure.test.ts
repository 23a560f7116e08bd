// What a figure holds: means, guides, ticks and series, as plain JSON that Vega-Lite takes without a word.
import { describe, expect, test } from "vitest"
import { codecs } from "../../pipeline/artifact.ts"
import { figure, untitled, type Figure } from "../../report/figure.ts"
import { domainOf, labelled, logTicks } from "../../report/figure/axis.ts"
import { cross } from "../../report/figure/marked.ts"
import { guideLayers } from "../../report/figure/guide.ts"
import { meansOf, rowsOf } from "../../report/figure/rows.ts"
import { matrix } from "../../report/matrix.ts"
import { overlay } from "../../report/overlay.ts"
import { compiled, svgOf } from "../../report/render.ts"
import { figures } from "./content.ts"

const x = { field: "alpha", title: "α" }
const y = { field: "change", title: "change" }
const data = { alpha: [1, 1, 10, 10], replica: [0, 1, 0, 1], change: [1, 100, 0.012345678, 0.012345678] }

describe("rows", () => {
  test("a mean over replicas is geometric on a log axis and arithmetic on a linear one", () => {
    const rows = rowsOf(data, ["alpha", "change"], new Map())
    expect(meansOf(rows, ["alpha"], new Map([["change", "log"]]))[0]).toEqual({
      alpha: 1,
      change: expect.closeTo(10, 12),
      "change low": 1,
      "change high": 100,
      replicas: 2,
    })
    expect(meansOf(rows, ["alpha"], new Map([["change", "linear"]]))[0]).toMatchObject({ change: 50.5 })
  })

  test("numbers in a figure have five significant digits", () => {
    expect(figure({ description: "", data, x, y })).toMatchObject({
      datasets: { means: [{}, {}, { alpha: 10, change: 0.012346 }, {}] },
    })
  })

  test("a value an axis cannot show is counted in the description", () => {
    const made = figure({ description: "Change.", data: { alpha: [1, 2, 3], change: [1, 0, Number.NaN] }, x, y })
    expect(made["description"]).toBe("Change. 2 of 3 rows have no value that these axes can show.")
    expect(made["datasets"]).toEqual({
      means: [
        { alpha: 1, change: 1 },
        { alpha: 2, change: null },
        { alpha: 3, change: null },
      ],
    })
  })

  test("a figure is plain JSON, although its table has numbers that JSON has not", () => {
    const odd = [Number.NaN, Infinity, -Infinity]
    const table = { alpha: [1, 2, 3], change: [1, ...odd.slice(1)], replica: odd, h: odd, seconds: odd }
    const seconds = { field: "seconds", title: "s" }
    const made = [
      figure({
        description: "",
        data: table,
        x,
        y,
        color: { field: "h", title: "h" },
        tooltip: [seconds],
        over: "replica",
      }),
      figure({ description: "", data: table, x, y, shape: { field: "h", title: "h" }, tooltip: [seconds] }),
      matrix({
        description: "",
        data: table,
        row: "alpha",
        column: "alpha",
        value: { ...seconds, domain: [0, 1] },
        title: "",
        panels: [],
      }),
    ]
    for (const each of made) expect(codecs.json.decode(codecs.json.encode(each))).toEqual(each)
  })

  test("a table without rows, or with none that can be shown, is drawn with empty axes", async () => {
    for (const data of [{}, { h: [], x: [], y: [] }, { h: [8], x: [1], y: [Number.NaN] }]) {
      const svg = await svgOf(
        compiled(
          figure({
            description: "nothing",
            data,
            x: { field: "x", title: "x" },
            y: { field: "y", title: "y" },
            color: { field: "h", title: "h" },
            panels: [{}, {}],
          }),
        ),
      )
      expect(Number(/height="([^"]+)"/.exec(svg)![1])).toBeLessThan(1000)
    }
  })

  test("a missing column is named with the columns there are", () => {
    expect(() => figure({ description: "", data, x: { field: "beta", title: "β" }, y })).toThrow(
      `"beta"; the table has alpha, replica, change`,
    )
  })
})

describe("axes", () => {
  test("ticks of a long log axis are powers of ten, at most eight", () => {
    expect(logTicks([1e-3, 1e2])).toEqual([1e-3, 1e-2, 0.1, 1, 10, 100])
    expect(logTicks([1e-6, 1e7])).toEqual([1e-6, 1e-4, 1e-2, 1, 100, 1e4, 1e6])
  })

  test("ticks of a short log axis are one, two and five", () => {
    expect(logTicks([45, 220])).toEqual([50, 100, 200])
  })

  test("tick labels are written as powers", () => {
    expect(JSON.stringify(figures.get("3a"))).toContain("10⁻²")
    expect(labelled([0.01], () => "10⁻²")).toBe(`{"0.01":"10⁻²"}['' + datum.value]`)
  })

  test("a domain holds its values with a margin, and a given domain is kept", () => {
    const [low, high] = domainOf(x, [1, 100])
    expect(low).toBeLessThan(1)
    expect(high).toBeGreaterThan(100)
    expect(domainOf({ ...x, domain: [2, 3] }, [1, 100])).toEqual([2, 3])
  })
})

describe("guides", () => {
  const frame = { x, y, spanX: [1, 1e4], spanY: [1e-3, 10] } as const

  test("a slope guide is the power law through its point, cut at the frame", () => {
    const [line] = guideLayers([{ kind: "slope", slope: -1, through: [10, 1] }], frame) as [
      { data: { values: ReadonlyArray<{ x: number; y: number }> } },
    ]
    expect(line.data.values).toEqual([
      { x: 1, y: 10 },
      { x: 1e4, y: 1e-3 },
    ])
  })

  test("a slope that is told has its triangle: as far up or down as the slope says for its way across", () => {
    const [, triangle] = guideLayers(
      [{ kind: "slope", slope: -1.5, through: [10, 1], label: "slope" }],
      frame,
    ) as unknown as ReadonlyArray<{ data: { values: ReadonlyArray<{ x: number; y: number }> } }>
    const [from, corner, to] = triangle!.data.values as [
      { x: number; y: number },
      { x: number; y: number },
      { x: number; y: number },
    ]
    expect([corner.x, corner.y]).toEqual([from.x, to.y])
    expect(Math.log(to.y / from.y) / Math.log(to.x / from.x)).toBeCloseTo(-1.5, 3)
  })

  test("a slope guide outside the frame is left out", () => {
    expect(guideLayers([{ kind: "slope", slope: 1, through: [1, 1e6] }], frame)).toEqual([])
  })

  const signOfItsOwn =
    "each list of published values has a sign of its own, told above the figure whether it has a title or not"
  test(signOfItsOwn, () => {
    const published = ["one", "two"].map((label, i) => ({ kind: "published", label, points: [[1 + i, 1]] }) as const)
    const drawn = (title?: string) =>
      JSON.stringify(
        figure({ description: "", data, x, y, guides: published, ...(title === undefined ? {} : { title }) }),
      )
    for (const text of [drawn(), drawn("T")]) {
      expect(text).toContain("◇ one\u2003△ two")
      expect([text.includes(`"shape":"diamond"`), text.includes(`"shape":"triangle-up"`)]).toEqual([true, true])
    }
  })

  test("the axes make room for published values", () => {
    const made = figure({
      description: "",
      data,
      x,
      y,
      guides: [{ kind: "published", label: "paper", points: [[1e6, 1e-9]] }],
    })
    const layers = made["layer"] as ReadonlyArray<{ encoding: { x: { scale: { domain: ReadonlyArray<number> } } } }>
    expect(layers[0]!.encoding.x.scale.domain[1]).toBeGreaterThan(1e6)
    expect(made["title"]).toEqual({ text: "◇ paper", fontSize: 11, fontWeight: "normal" })
    expect(untitled(made)["title"]).toMatchObject({ text: "◇ paper" })
  })
})

const marks = (spread: "points" | "band" | "none"): ReadonlyArray<string> =>
  (
    figure({ description: "", data, x, y, over: "replica", spread })["layer"] as ReadonlyArray<{
      mark: { type: string }
    }>
  ).map((layer) => layer.mark.type)

describe("a figure", () => {
  test("is plain JSON and always the same", () => {
    const once = figure({ description: "", data, x, y, over: "replica" })
    expect(JSON.parse(JSON.stringify(once))).toEqual(once)
    expect(JSON.stringify(figure({ description: "", data, x, y, over: "replica" }))).toBe(JSON.stringify(once))
  })

  test("shows replicas behind their mean as points, as a band or not at all", () => {
    expect(marks("points")).toEqual(["point", "line", "point"])
    expect(marks("band")).toEqual(["area", "line", "point"])
    expect(marks("none")).toEqual(["line", "point"])
  })

  test("letters its panels and gives one of them the legend selection", () => {
    const text = JSON.stringify(figures.get("3a"))
    expect(text).toContain("(a) against α")
    expect(text).toContain("(b) against √h α")
    expect(text.split(`"bind":"legend"`)).toHaveLength(3)
  })
})

interface Told {
  readonly data: { readonly name: string }
  readonly mark: { readonly type: string }
  readonly encoding: { readonly tooltip?: ReadonlyArray<{ readonly field: string }> }
}
/** Of each layer: its mark, its data, and whether it tells the node. */
const tellsNode = (made: ReturnType<typeof figure>): ReadonlyArray<readonly [string, string, boolean]> =>
  (made["layer"] as ReadonlyArray<Told>).map(({ mark, data, encoding }) => [
    mark.type,
    data.name,
    encoding.tooltip?.some(({ field }) => field === "node") === true,
  ])

describe("the node behind a point", () => {
  const nodes = { ...data, node: ["a0", "a1", "b0", "b1"] }

  test("is told of each replica, and not of their mean", () => {
    const made = figure({ description: "", data: nodes, x, y, over: "replica" })
    expect(made["datasets"]).toMatchObject({
      replicas: [{ node: "a0" }, { node: "a1" }, { node: "b0" }, { node: "b1" }],
    })
    expect(JSON.stringify((made["datasets"] as { means: unknown }).means)).not.toContain("node")
    expect(tellsNode(made)).toEqual([
      ["point", "replicas", true],
      ["line", "means", false],
      ["point", "means", false],
    ])
  })

  test("is told of every row where nothing is averaged, and of a mean of one", () => {
    expect(tellsNode(figure({ description: "", data: nodes, x, y }))).toEqual([
      ["line", "means", false],
      ["point", "means", true],
    ])
    const one = figure({
      description: "",
      data: { alpha: [1, 10], replica: [0, 0], change: [1, 2], node: ["a", "b"] },
      x,
      y,
      over: "replica",
    })
    expect(one["datasets"]).toMatchObject({ means: [{ node: "a" }, { node: "b" }] })
    expect(tellsNode(one)).toEqual([
      ["line", "means", false],
      ["point", "means", true],
    ])
  })

  test("is told of a line that one node made", () => {
    const curves = { t: [1, 2, 1, 2], loss: [4, 3, 2, 1], h: [50, 50, 100, 100], node: ["a", "a", "b", "b"] }
    const options = {
      description: "",
      x: { field: "t", title: "t" },
      y: { field: "loss", title: "loss" },
      color: { field: "h", title: "h" },
      marks: "lines",
    } as const
    expect(tellsNode(figure({ ...options, data: curves }))).toEqual([["line", "means", true]])
    expect(tellsNode(figure({ ...options, data: { ...curves, node: ["a", "a", "b", "c"] } }))).toEqual([
      ["line", "means", false],
    ])
  })
})

const parts = (made: Figure) =>
  JSON.parse(JSON.stringify(made)) as {
    readonly title?: { readonly text: string }
    readonly datasets: { readonly means: ReadonlyArray<object>; readonly replicas: ReadonlyArray<object> }
    readonly layer: ReadonlyArray<{
      readonly mark: { readonly shape?: string; readonly strokeDash?: ReadonlyArray<number> }
    }>
  }

describe("marked rows", () => {
  const some = { ...data, converged: [true, false, true, true] }
  const marked = { field: "converged", equal: false, label: "not fitted" }
  const options = { description: "", x, y, over: "replica" }
  test("are signed, counted and in no mean", async () => {
    const made = figure({ ...options, data: some, marked })
    const { title, datasets, layer } = parts(made)
    expect(title!.text).toBe("× 1 of 4 not fitted, in no mean")
    expect(datasets.means[0]).toMatchObject({ alpha: 1, change: 1, replicas: 1 })
    expect(datasets.replicas).toHaveLength(4)
    expect(layer.filter(({ mark }) => mark.shape === cross.shape)).toHaveLength(1)
    // One cross is drawn: the row's own, and no other.
    const svg = await svgOf(compiled(made))
    const [arm] = /M-[\d.]+,-[\d.]+L[\d.]+,[\d.]+M/.exec(svg)!
    expect(svg.split(arm)).toHaveLength(2)
  })

  test("are in the means where that is asked for", () => {
    const { title, datasets } = parts(figure({ ...options, data: some, marked: { ...marked, averaged: true } }))
    expect(title!.text).toBe("× 1 of 4 not fitted, in the means")
    expect(datasets.means[0]).toMatchObject({ change: 10, replicas: 2 })
  })

  test("have a place on the axes though all of a point are marked", () => {
    const { datasets } = parts(
      figure({ description: "", x, y, data: { ...some, converged: [false, false, true, true] }, marked }),
    )
    expect([datasets.means, datasets.replicas].map((rows) => rows.length)).toEqual([2, 4])
  })

  test("off the axes are counted all the same", () => {
    expect(parts(figure({ ...options, data: { ...some, change: [1, -1, 1, 1] }, marked })).title!.text).toBe(
      "× 1 of 4 not fitted (1 off the axes), in no mean",
    )
  })

  test("of two runs in one figure are signed each in its own way, in whichever there are some", () => {
    const plain = figure({ ...options, data: { ...data, converged: [true, true, true, true] } })
    const made = overlay([plain, figure({ ...options, data: some, marked })], ["one", "two"])!
    expect(parts(made).title!.text).toContain("× 1 of 8 not fitted")
    expect(
      parts(made)
        .layer.filter(({ mark }) => mark.shape === cross.shape)
        .map(({ mark }) => mark.strokeDash),
    ).toEqual([undefined, [2, 1.5]])
  })

  test("leave a figure as it is where there are none", () => {
    const { usermeta: _, ...made } = figure({
      ...options,
      data: { ...some, converged: [true, true, true, true] },
      marked,
    })
    const { usermeta: __, ...without } = figure({ ...options, data })
    expect(made).toEqual(without)
  })
})
