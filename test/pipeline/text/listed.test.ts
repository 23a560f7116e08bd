// The value of a setting on one line.
import { expect, test } from "vitest"
import { listed } from "../../../pipeline/text/listed.ts"

test("values and short lists are shown as they are typed", () => {
  expect([1, "quick", true, null, [], [1, 2], Array.from({ length: 12 }, (_, i) => i)].map(listed)).toEqual([
    "1",
    "quick",
    "true",
    "",
    "",
    "1,2",
    "0,1,2,3,4,5,6,7,8,9,10,11",
  ])
})

test("a long list is shown by its ends and its length", () => {
  expect(listed(Array.from({ length: 995 }, (_, i) => 100 + 10 * i))).toBe("100,110,120,…,10040 (995 values)")
})
