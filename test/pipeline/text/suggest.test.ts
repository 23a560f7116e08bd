// Names a person may have meant.
import { describe, expect, it } from "vitest"
import { suggest } from "../../../pipeline/text/suggest.ts"

describe("suggest", () => {
  const names = ["train", "train/h=64,replica=0", "train/h=64,replica=1", "init/h=64", "summarize"]

  it("puts the name that shares the most first, and takes each once", () => {
    expect(suggest("train/h=64,replica=2", [...names, ...names]).slice(0, 2)).toEqual([
      "train/h=64,replica=0",
      "train/h=64,replica=1",
    ])
    expect(suggest("tarin", names)).toEqual(["train"])
    expect(suggest("Summarise", names)).toEqual(["summarize"])
  })

  it("passes over the signs of a pattern", () => {
    expect(suggest("*sumarize*", names)).toEqual(["summarize"])
  })

  it("names nothing where nothing resembles, and never more than five", () => {
    expect(suggest("xyz", names)).toEqual([])
    expect(
      suggest(
        "h=",
        Array.from({ length: 9 }, (_, h) => `h=${h}`),
      ),
    ).toHaveLength(5)
  })
})
