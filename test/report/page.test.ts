// The report as files: complete, the same each time, and safe whatever text it is given.
import { describe, expect, test } from "vitest"
import type { claimsData } from "../../report/claims-json.ts"
import { page } from "../../report/page.ts"
import { claimTable, tally } from "../../report/section/claims.ts"
import { madeSection } from "../../report/section/made.ts"
import { csv } from "../../report/csv.ts"
import { decimal, duration, interval } from "../../report/number.ts"
import { content, large } from "./content.ts"
import { hostile } from "./hostile.ts"

const small = { ...content, figures: content.figures.slice(0, 1) }

describe("a report", () => {
  test("has a page, three files for each figure and one for each table, in one go", async () => {
    const files = await page(content)
    const wanted = [
      "index.html",
      "claims.json",
      ...content.tables.map(({ name }) => `tables/${name}.csv`),
      ...content.figures.flatMap(({ id }) => ["svg", "png", "vl.json"].map((kind) => `figures/${id}.${kind}`)),
    ]
    expect([...files.keys()].sort()).toEqual(wanted.sort())
    const links = [...String(files.get("index.html")).matchAll(/href="((?:figures|tables)\/[^"]+)"/g)].map(
      ([, path]) => path!,
    )
    expect(links.filter((path) => !files.has(path))).toEqual([])
  })

  test("has its claims as data, beside the page and inside of it, with the interval and the node of each", async () => {
    const files = await page({ ...content, statements: [{ source: "Sec. 1", statement: "It is.", because: "so" }] })
    const data = JSON.parse(String(files.get("claims.json"))) as ReturnType<typeof claimsData>
    const [claim] = content.claims
    expect(data.claims.length).toBe(content.claims.length)
    expect(data.claims[0]).toMatchObject({
      id: claim!.id,
      kind: "claim",
      statement: claim!.claim,
      from: { node: "summarize/of=phase", output: "summary" },
      interval: [claim!.measured! - claim!.spread!, claim!.measured! + claim!.spread!],
    })
    expect(data.statements).toHaveLength(1)
    const [, inside] = /<script type="application\/json" id="claims-data">(.*?)<\/script>/s.exec(
      String(files.get("index.html")),
    )!
    expect(JSON.parse(inside!)).toEqual(data)
    expect(String(files.get("index.html"))).toContain("Not covered, because so")
  })

  test("sets what the text says beside what the program did and what was measured, with links", async () => {
    const [claim, other] = content.claims
    const account = {
      subject: "inputs",
      text: "normal",
      program: "uniform <[0, 1)>",
      finding: "They are uniform.",
      claims: [claim!.id, "elsewhere"],
    }
    const files = await page({ ...content, accounts: [account] })
    const html = String(files.get("index.html"))
    const [, row] = /<tr role="row">\s*<th role="rowheader" scope="row">inputs<\/th>(.*?)<\/tr>/s.exec(html)!
    expect(row).toContain("uniform &lt;[0, 1)&gt;")
    expect(row).toContain(`<a href="#claim-${claim!.id}">`)
    expect(row).toContain(`<a href="#figure-${claim!.figure}">`)
    expect(row).toContain("elsewhere: not in this part")
    expect(row).not.toContain(other!.id)
    expect((JSON.parse(String(files.get("claims.json"))) as ReturnType<typeof claimsData>).accounts).toEqual([account])
    expect(String((await page(content)).get("index.html"))).not.toContain('id="accounts"')
  })

  test("tells what changed since its last version: verdicts, values, new claims and withdrawn ones", async () => {
    const [first, second, third] = content.claims
    const before = {
      date: "2026-11-30T10:00:00.000Z",
      commit: { hash: "0123456789abcdef", dirty: false },
      settings: ["n"],
      claims: [
        { ...first!, verdict: "contradicts" as const },
        { ...second!, measured: second!.measured! + 1 },
        { ...third!, measured: third!.measured! * (1 + 1e-12), expected: "nearly anything" },
        { ...first!, id: "withdrawn-one" },
      ],
    }
    const text = String((await page({ ...small, before })).get("index.html"))
    const head = /<details class="remark since">(.*?)<\/details>/s.exec(text)![1]!
    expect(head).toContain("Since the last version (2026-11-30, commit 0123456789, other settings: n): ")
    const others = content.claims.length - 3
    expect(head).toMatch(/1 verdict changed.*1 value changed.*1 expectation changed.*new claims?.*1 claim withdrawn/s)
    expect(head).toContain(`${others} new claim`)
    expect(head).toContain("withdrawn-one")
    expect(text.match(/class="remark">was /g)).toHaveLength(3)
    expect(text).toContain("was expected: nearly anything")
    const same = { ...before, claims: content.claims }
    expect(String((await page({ ...small, before: same })).get("index.html"))).toContain("no claim changed")
    expect(String((await page(small)).get("index.html"))).not.toContain("Since the last version")
  })

  test("is the same for the same content", async () => {
    expect(await page(small)).toEqual(await page(small))
  })

  test("allows only its own scripts and no connection", async () => {
    const text = String((await page(small)).get("index.html"))
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)![1]!
    expect(policy).toContain("connect-src &#39;none&#39;")
    expect(policy).not.toContain("unsafe-eval")
    expect(/script-src [^;]*/.exec(policy)![0]).not.toContain("unsafe-inline")
  })

  test("of a part says what is not on it, and a whole one nothing of the kind", async () => {
    const part = { ...small, leftOut: { figures: 3, claims: 7, nodes: 20 } }
    expect(String((await page(part)).get("index.html"))).toContain(
      "3 figures and 7 claims of the spec are not here, and 20 nodes were left out",
    )
    expect(String((await page(small)).get("index.html"))).not.toContain("nodes were left out")
  })

  test("of 25 figures stays below three megabytes", async () => {
    expect(Buffer.byteLength(String((await page(large)).get("index.html")))).toBeLessThan(3e6)
  }, 60_000)

  test("gives the rows of a figure that has no table", async () => {
    const { table: _, ...bare } = content.figures.find(({ id }) => id === "2a")!
    const files = await page({ ...content, figures: [bare] })
    expect(String(files.get("figures/2a.csv"))).toMatch(/^regime,h,variance\nfeature,32,[\d.]+\n/)
    expect(String(files.get("index.html"))).toContain(`href="figures/2a.csv"`)
  })

  test("tells who cannot see a figure what it says of the claims, in the page and in its files", async () => {
    const files = await page(small)
    const said = "In the lazy regime the kernel change falls as 1/(√h α): agrees."
    for (const file of ["index.html", "figures/3a.svg", "figures/3a.vl.json"])
      expect([file, String(files.get(file)).includes(said)]).toEqual([file, true])
  })

  test("names a node behind a point once, with its key and seconds, and no other node", async () => {
    const { name } = content.nodes[0]!
    const text = String(
      (await page({ ...small, nodes: [...content.nodes, { name: "data", key: "d".repeat(64), seconds: 1 }] })).get(
        "index.html",
      ),
    )
    expect(text.split(`"${name}"`)).toHaveLength(2)
    expect(text).toContain(`{"name":"${name}","key":"${content.nodes[0]!.key.slice(0, 12)}","took":"20 s"}`)
    expect(text).not.toContain(`"name":"data"`)
  })

  test("escapes markup in every text", async () => {
    const text = String((await page(hostile)).get("index.html"))
    const found = [`<b class="hostile"`, "&lt;b class=&quot;hostile&quot;", String.raw`\u003cb class=\"hostile\"`].map(
      (part) => text.includes(part),
    )
    expect(found).toEqual([false, true, true])
  })

  test("refuses an id that would leave its folder", async () => {
    await expect(page({ ...content, figures: [{ ...content.figures[0]!, id: "../x" }] })).rejects.toThrow(
      "cannot be part of a file name",
    )
  })
})

const words = (html: { readonly text: string }): string => html.text.replaceAll(/<[^>]+>/g, "")

describe("verdicts", () => {
  test("are summed up in one line", () => {
    expect(words(tally(content.claims))).toBe(
      "9 claims: ✓ 6 agree ≈ 0 exclude the stated number ? 0 cannot tell ≠ 1 differs ✗ 1 contradicts ○ 1 not judged " +
        "⚠ 1 not as declared",
    )
    expect(words(tally([]))).toMatch(/^0 claims: ✓ 0 agree .* ○ 0 not judged $/)
  })

  test("count checks of our own, predictions, and adverse values that are not judged apart", () => {
    const [first, second, third] = content.claims.slice(0, 3).map((claim) => ({ ...claim, asDeclared: true }))
    const said = words(
      tally([
        { ...first!, kind: "prediction", verdict: "agrees" },
        { ...second!, kind: "claim", verdict: "not judged", would: "contradicts" },
        { ...third!, kind: "own", verdict: "agrees" },
      ]),
    )
    expect(said).toMatch(/^2 claims \(1 of them predictions of its theory\): ✓ 1 agrees .* ○ 1 not judged /)
    expect(said).toMatch(/ 1 of those not judged would not agree 1 check of our own: ✓ 1 agrees /)
  })

  test("are words with a sign, and a declared one gives its reason", () => {
    const { text } = claimTable(content)
    expect(text).toContain(`<span aria-hidden="true">✗</span> contradicts`)
    expect(text).toContain("Declared as “contradicts”: with 200 samples")
    expect(text).toContain("−1.003 ± 0.012")
  })

  test("stand under the figure that shows them, each once, and without one last", () => {
    const { text } = claimTable({ made: content.made, figures: content.figures.slice(0, 3), claims: content.claims })
    const order = [...text.matchAll(/id="claim-([^"]+)"|<a href="#figure-([^"]+)"|Without a figure/g)].map(
      ([all, claim, figure]) => claim ?? figure ?? all,
    )
    expect(order).toEqual([
      "3a",
      "lazy-slope",
      "feature-slope",
      "collapse",
      "3c",
      "t1",
      "t2",
      "Without a figure",
      "moved",
      "error",
      "variance",
      "ensemble",
    ])
  })

  test("stand beside what is expected, what would fail, and what other scales expect", () => {
    const { text } = claimTable({
      made: content.made,
      figures: [],
      claims: [
        {
          ...content.claims[0]!,
          expected: "-1 ± 0.08",
          differs: "-1.3 to -0.7",
          fails: "outside -1.3 to -0.7",
          elsewhere: [{ scale: "paper", expected: "-1 ± 0.03" }],
          verdict: "differs",
        },
      ],
    })
    for (const said of [
      "−1 ± 0.08",
      "differs: −1.3 to −0.7",
      "fails outside −1.3 to −0.7",
      "paper scale: −1 ± 0.03",
      "</span> differs",
    ])
      expect(text).toContain(said)
  })
})

describe("what was accepted", () => {
  test("is shown with who, when and why, and only where there is some", () => {
    expect(madeSection(content.made).text).toContain(
      "<li>12 nodes of <code>train</code> (code) by reader on 2025-11-20: a loop became a sum</li>",
    )
    expect(madeSection({ ...content.made, accepted: [] }).text).not.toContain("Accepted without recomputing")
  })
})

describe("numbers and tables as text", () => {
  test("small and large numbers are written with powers of ten", () => {
    expect([0, 1.5, -0.0125, 21e-6, 1e-5, -3e7].map((value) => decimal(value))).toEqual([
      "0",
      "1.5",
      "−0.0125",
      "2.1×10⁻⁵",
      "10⁻⁵",
      "−3×10⁷",
    ])
  })

  test("a number is written to the digits of its interval", () => {
    expect(interval(-1.0032, 0.0119)).toBe("−1.003 ± 0.012")
    expect(interval(2.4, 0)).toBe("2.4 ± 0")
  })

  test("times are written in the unit people use", () => {
    expect([0.416, 59.96, 185, 7800].map(duration)).toEqual(["0.416 s", "60 s", "3 min 5 s", "2 h 10 min"])
  })

  test("a table keeps every digit and quotes what needs it", () => {
    expect(csv({ "a,b": [0.1 + 0.2, 1], c: ["x", 'say "hi"'] })).toBe(
      '"a,b",c\n0.30000000000000004,x\n1,"say ""hi"""\n',
    )
  })
})
