// Two runs as one page: figures made again of both runs' rows, and their claims and settings side by side.
import { describe, expect, test } from "vitest"
import { figure, untitled, type Figure } from "../../report/figure.ts"
import { overlay } from "../../report/overlay.ts"
import { compare } from "../../report/page.ts"
import { compiled } from "../../report/render.ts"
import { comparison } from "./content.ts"
import { figures } from "./figures.ts"

const x = { field: "alpha", title: "α" }
const y = { field: "change", title: "change" }
const options = { description: "Change.", x, y, color: { field: "h", title: "h" }, over: "replica" } as const
const before = figure({
  ...options,
  data: { alpha: [1, 1, 10, 10], replica: [0, 1, 0, 1], h: [64, 64, 64, 64], change: [1, 4, 1, 9] },
})
const after = figure({ ...options, data: { alpha: [1, 10], replica: [0, 0], h: [128, 128], change: [5, 6] } })

interface Layer {
  readonly data: { readonly name: string }
  readonly mark: { readonly type: string; readonly filled?: boolean; readonly strokeDash?: unknown }
  readonly transform: ReadonlyArray<{ readonly filter: { readonly equal: string } }>
}

describe("an overlay", () => {
  test("averages each run by itself, over as many replicas as it has", () => {
    expect(overlay([before, after], ["a", "b"])).toMatchObject({
      datasets: {
        means: [
          { "of the pair": "a", alpha: 1, h: 64, change: 2, replicas: 2 },
          { "of the pair": "a", alpha: 10, h: 64, change: 3, replicas: 2 },
          { "of the pair": "b", alpha: 1, h: 128, change: 5, replicas: 1 },
          { "of the pair": "b", alpha: 10, h: 128, change: 6, replicas: 1 },
        ],
      },
    })
    expect(overlay([after, after], ["a", "b"])).toMatchObject({
      datasets: { means: [{ replicas: 1 }, { replicas: 1 }, { replicas: 1 }, { replicas: 1 }] },
    })
  })

  test("draws the first solid and filled, the second dashed and open, in colours of all series", () => {
    const made = overlay([before, after], ["a", "b"])!
    const layers = made["layer"] as ReadonlyArray<Layer>
    const drawn = layers.map(({ data, mark, transform }) => [
      transform.at(-1)!.filter.equal,
      data.name,
      mark.type,
      mark.type === "line" ? mark.strokeDash !== undefined : mark.filled === false,
    ])
    expect(drawn).toEqual([
      ["a", "replicas", "point", false],
      ["a", "means", "line", false],
      ["a", "means", "point", false],
      ["b", "replicas", "point", true],
      ["b", "means", "line", true],
      ["b", "means", "point", true],
    ])
    expect(JSON.stringify(made)).toContain(`"scale":{"domain":[64,128]`)
    expect(untitled(made)["title"]).toMatchObject({ text: "● ── a\u2003○ ╌╌ b" })
  })

  test("can be made of every kind of figure as it is stored, without a warning", () => {
    for (const one of figures.values()) {
      const stored = JSON.parse(JSON.stringify(one)) as Figure
      expect(() => compiled(overlay([stored, stored], ["a", "b"]))).not.toThrow()
    }
  })

  test("tells the second series of lines by their width, since dashes tell the run", () => {
    const lines = figure({
      ...options,
      marks: "lines",
      shape: { field: "kind", title: "kind" },
      data: {
        alpha: [1, 10, 1, 10],
        replica: [0, 0, 0, 0],
        h: [8, 8, 8, 8],
        kind: ["u", "u", "v", "v"],
        change: [1, 2, 3, 4],
      },
    })
    const made = overlay([lines, lines], ["a", "b"])
    expect(JSON.stringify(made)).toContain(`"strokeWidth":{"field":"kind"`)
    expect(JSON.stringify(made)).not.toContain(`"strokeDash":{"field"`)
  })

  test("is not made of a figure that does not say what it is made of", () => {
    expect(overlay([untitled(before), after], ["a", "b"])).toBeUndefined()
  })
})

describe("a page about two runs", () => {
  test("shows both numbers and verdicts of a claim, what was set otherwise, and what it cannot show", async () => {
    const files = await compare({
      ...comparison,
      figures: [{ id: "9", title: "Older", caption: "", specs: [untitled(before), after] }],
    })
    const text = String(files.get("index.html")).replaceAll(/<[^>]+>/g, "")
    expect([...files.keys()]).toEqual(["index.html"])
    for (const said of [
      "−1.003 ± 0.012 ✓ agrees",
      "−1.200 ± 0.012 ≠ differs",
      "widths",
      "Figure 9 Older: It was made before",
      "Figure 5 Gone: The run last did not make it.",
    ])
      expect(text).toContain(said)
  })
})
