// What a figure holds: means, guides, ticks and series, as plain JSON that Vega-Lite takes without a word.
import { describe, expect, test } from "vitest"
import { codecs } from "../../pipeline/artifact/artifact.ts"
import { figure, untitled } from "../../report/figure.ts"
import { domainOf, labelled, logTicks } from "../../report/figure/axis.ts"
import { guideLayers } from "../../report/figure/guide.ts"
import { meansOf, rowsOf } from "../../report/figure/rows.ts"
import { matrix } from "../../report/matrix.ts"
import { compiled, svgOf } from "../../report/render.ts"
import { figures } from "./figures.ts"
import { data, x, y } from "./small.ts"

/** The range of the axis of `change`. */
const spanOf = (made: object): ReadonlyArray<number> =>
  /"field":"change"[^}]*?"scale":\{[^}]*?"domain":\[([^\]]*)\]/.exec(JSON.stringify(made))![1]!.split(",").map(Number)

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

  test("rows that no panel shows are not counted", () => {
    const made = figure({
      description: "",
      data: { alpha: [1, 2, 3, 4], change: [1, 2, 3, 4], fits: [true, false, false, true], part: ["a", "a", "b", "b"] },
      x,
      y,
      marked: { field: "fits", equal: false, label: "not fitted" },
      panels: [{ where: { part: "a" } }],
    })
    expect(JSON.stringify(made["title"])).toContain("1 of 2 not fitted")
  })

  test("an axis reaches to a level beside its data, and a level outside of a range that is given is not drawn", () => {
    const guides = [{ kind: "level", y: 1e-4, label: "low" }] as const
    const wide = figure({ description: "", data, x, y, guides })
    expect(spanOf(wide)[0]).toBeLessThanOrEqual(1e-4)
    expect(JSON.stringify(wide)).toContain('"low"')
    const given = figure({ description: "", data, x, y: { ...y, domain: [1e-2, 1e2] }, guides })
    expect(spanOf(given)).toEqual([1e-2, 1e2])
    expect(JSON.stringify({ ...given, usermeta: null })).not.toContain('"low"')
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
