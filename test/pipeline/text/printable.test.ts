// What reaches a terminal, or the log of a build server, of a text that somebody else wrote.
import { describe, expect, it } from "vitest"
import { printable } from "../../../pipeline/text/printable.ts"

const texts: ReadonlyArray<readonly [string] | readonly [text: string, shown: string]> = [
  ["plain, é, 日本, 🙂"],
  ["two\n\tlines\r\n"],
  ["std::vector, a::b, 1:2"],
  ["# and ## and [x]"],
  ["\u001b[31mred", String.raw`\u001b[31mred`],
  ["\u009b31m", String.raw`\u009b31m`],
  ["over\rwritten", String.raw`over\u000dwritten`],
  ["bell\u0007\b\u0000\u007f", String.raw`bell\u0007\u0008\u0000\u007f`],
  ["\u202egnitirw\u2066", String.raw`\u202egnitirw\u2066`],
  ["\u2028", String.raw`\u2028`],
  ["::error::forged", String.raw`\u003a:error::forged`],
  ["x\n::error file=a::forged\ny", `x\n${String.raw`\u003a:error file=a::forged`}\ny`],
  ["x\n \t::stop-commands::y", `x\n \t${String.raw`\u003a:stop-commands::y`}`],
  ["x\r::error::y", String.raw`x\u000d::error::y`],
  ["x ##[error]y", String.raw`x #\u0023[error]y`],
  ["\n\n::warning::", `\n\n${String.raw`\u003a:warning::`}`],
]

describe("a text", () => {
  it.each(texts.map(([text, shown = text]) => [text, shown] as const))("%j is shown as %j", (text, shown) =>
    expect(printable(text)).toBe(shown),
  )

  it("that is JSON stays JSON that says the same", () => {
    for (const [text] of texts) expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text })
  })

  it("is the same when it is shown once more", () => {
    for (const [text] of texts) expect(printable(printable(text))).toBe(printable(text))
  })
})
