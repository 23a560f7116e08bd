import { Option } from "effect"
import { expect, it } from "vitest"
import { sizeIn } from "../../../pipeline/text/amount.ts"

it("reads a number with a unit, with a space between them or without", () => {
  expect(["0B", "5 kB", "500MB", "1.5 GB", "2TB"].map((text) => Option.getOrNull(sizeIn(text)))).toEqual([
    0, 5e3, 5e8, 1.5e9, 2e12,
  ])
})

it("reads nothing else", () => {
  for (const text of ["", "500", "GB", "1 GiB", "-1MB", "1e3MB", "1 mb", "1 GB!"])
    expect(sizeIn(text), text).toEqual(Option.none())
})
