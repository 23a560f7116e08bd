// Workflow commands as GitHub reads them:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
import { expect, it } from "vitest"
import { annotation } from "../../../pipeline/printer/annotation.ts"

it("an annotation has its level and message, and the place as far as it is known", () => {
  expect(annotation("notice", "all is well")).toBe("::notice::all is well")
  expect(annotation("warning", "slow", { file: "a.ts" })).toBe("::warning file=a.ts::slow")
  expect(annotation("error", "wrong", { file: "a.ts", line: 3, column: 7 })).toBe(
    "::error file=a.ts,line=3,col=7::wrong",
  )
})

it("an annotation stays one line, with nothing in it that means something else", () => {
  expect(annotation("error", "100 %:\r\na, b", { file: "50%,a:b.ts" })).toBe(
    "::error file=50%25%2Ca%3Ab.ts::100 %25:%0D%0Aa, b",
  )
})
