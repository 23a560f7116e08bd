// How flags are handed on to a run: as one would type them, so that the parser reads them back.
import { expect, it } from "vitest"
import { wordsOf } from "../../../../pipeline/commands/watch/again.ts"

it("flags are written as they are typed, each value behind its sign", () => {
  expect(
    wordsOf({
      out: "-odd",
      jobs: 2,
      retryFailed: true,
      json: false,
      until: ["train/*h=64*", "plot"],
      force: [],
      set: { scale: "paper", widths: "64,128" },
    }),
  ).toEqual([
    "--out=-odd",
    "--jobs=2",
    "--retry-failed",
    "--until=train/*h=64*",
    "--until=plot",
    "--set=scale=paper",
    "--set=widths=64,128",
  ])
})
