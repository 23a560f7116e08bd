// Figures drawn without a browser: no warning, the same bytes, readable text, not blank.
import { inflateSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { compiled, pngOf, svgOf } from "../../report/render.ts"
import { figure } from "../../report/figure.ts"
import { figures } from "./figures.ts"

// The bytes of the image rows of a PNG.
const pixelsOf = (png: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(png)
  const parts: Array<Buffer> = []
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return inflateSync(Buffer.concat(parts))
}

describe.each([...figures])("figure %s", (_id, spec) => {
  test("compiles without a warning and is drawn the same twice", async () => {
    const svg = await svgOf(compiled(spec))
    expect((await svgOf(compiled(spec))) === svg).toBe(true)
    expect(svg.match(/<path/g)!.length).toBeGreaterThan(8)
    expect(svg).toContain((spec["title"] as { text: string }).text)
  })
})

test("an unknown property of Vega-Lite is an error", () => {
  expect(() =>
    compiled({ data: { values: [] }, mark: "point", encoding: { z: { field: "a", type: "quantitative" } } }),
  ).toThrow(/z/)
})

const worded = (text: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><text x="5" y="20" font-family="DejaVu ` +
  `Sans">${text}</text></svg>`

// Filtered rows of one colour hold two or three values.
const variety = (svg: string): number => new Set(pixelsOf(pngOf(svg))).size

test("a PNG shows its text in the fonts of the package", () => {
  expect(variety(worded(""))).toBeLessThan(5)
  expect(variety(worded("√h α ℒ 10⁻²"))).toBeGreaterThan(30)
})

test("a PNG of a figure is not blank", async () => {
  expect(variety(await svgOf(compiled(figures.get("2a"))))).toBeGreaterThan(50)
})

test.each([
  [
    [0, 10, 60],
    ["0", "20", "60"],
  ],
  [
    [0, 30, 120],
    ["40", "120"],
  ],
  [
    [0, 0.002, 0.006],
    ["0.002", "0.006"],
  ],
  [
    [-3e5, 0, 3e5],
    ["−200000", "200000"],
  ],
] as const)("a linear axis over %j has plain numbers at its ticks", async (values, ticks) => {
  const spec = figure({
    description: "A line.",
    data: { at: [...values], of: values.map((_, i) => i) },
    x: { field: "at", title: "at", scale: "linear" },
    y: { field: "of", title: "of", scale: "linear" },
  })
  const texts = [...(await svgOf(compiled(spec))).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)
  expect(texts).toEqual(expect.arrayContaining([...ticks]))
  expect(texts.filter((text) => /e[+−-]/.test(text!))).toEqual([])
})
