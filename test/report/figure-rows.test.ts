// What a figure tells of single rows: the node that made each, and which of them are not like the others.
import { describe, expect, test } from "vitest"
import { figure, type Figure } from "../../report/figure.ts"
import { cross } from "../../report/figure/marked.ts"
import { overlay } from "../../report/overlay.ts"
import { compiled, svgOf } from "../../report/render.ts"
import { data, x, y } from "./small.ts"

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
