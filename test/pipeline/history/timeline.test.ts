// The bars of a run and what is drawn of them, from times written by hand.
import { describe, expect, it } from "vitest"
import { gantt, ganttPage } from "../../../pipeline/history/gantt.ts"
import { timeline, type Span } from "../../../pipeline/history/timeline.ts"

const span = (
  node: string,
  began: number,
  ended: number,
  takes: ReadonlyArray<string> = [],
  rest: Partial<Span> = {},
): Span => ({ node, began, ended, threads: 1, failed: false, takes, gives: [node], ...rest })
const critical = (...spans: ReadonlyArray<Span>): ReadonlyArray<string> =>
  timeline(spans)
    .bars.filter((bar) => bar.critical)
    .map((bar) => bar.node)

describe("the timeline of a run", () => {
  it("counts from the first begin, in seconds", () => {
    expect(
      timeline([span("b", 7000, 9000), span("a", 5000, 6000)]).bars.map(({ node, from, to }) => [node, from, to]),
    ).toEqual([
      ["a", 0, 1],
      ["b", 2, 4],
    ])
  })

  it("puts what overlaps side by side, and what follows in the first place that is free", () => {
    const { bars, lanes } = timeline([
      span("a", 0, 3000),
      span("b", 0, 1000),
      span("c", 1000, 2000),
      span("d", 2500, 4000),
    ])
    expect(bars.map(({ node, lane }) => [node, lane])).toEqual([
      ["b", 0],
      ["a", 1],
      ["c", 0],
      ["d", 0],
    ])
    expect(lanes).toBe(2)
  })

  it("takes no end that is told a little late for an overlap", () => {
    expect(timeline([span("a", 0, 1010), span("b", 1000, 2000)]).lanes).toBe(1)
    expect(timeline([span("a", 0, 1010), span("b", 1000, 1011)]).lanes).toBe(2)
  })

  it("marks the chain that takes longest, link by link", () => {
    expect(
      critical(
        span("a", 0, 1000),
        span("b", 0, 3000),
        span("c", 3000, 4000, ["a"]),
        span("d", 3000, 3500, ["a", "b"]),
        span("e", 4000, 6000, ["c", "d"]),
      ),
    ).toEqual(["b", "d", "e"])
  })

  it("follows what was taken, not what came before", () => {
    expect(critical(span("a", 0, 5000), span("b", 5000, 6000), span("c", 6000, 7000, ["b"]))).toEqual(["a"])
  })

  it("counts the threads that were busy", () => {
    const { seconds, criticalSeconds, cores } = timeline([
      span("a", 0, 2000, [], { threads: 2 }),
      span("b", 2000, 4000, ["a"]),
    ])
    expect([seconds, criticalSeconds, cores]).toEqual([4, 4, 1.5])
  })

  it("of nothing is empty", () => {
    expect(timeline([])).toEqual({ bars: [], lanes: 0, seconds: 0, criticalSeconds: 0, cores: 0 })
  })
})

describe("the picture of a timeline", () => {
  const found = timeline([span("train/h=8", 0, 3000), span('fit<&">', 3000, 4000, ["train/h=8"], { failed: true })])

  it("has a bar and a name for each node, and a key to the stages", () => {
    const picture = gantt(found)
    expect(picture).toContain("<title>train/h=8  3.0 s</title>")
    expect(picture).toContain(
      '<rect x="0" y="2" width="750" height="20" fill="#0072b2" fill-opacity="0.7" stroke="currentColor" ' +
        'stroke-width="2"/>',
    )
    expect(picture).toContain(">train</text>")
    expect(picture).toContain("<title>fit&lt;&amp;&quot;&gt;  1.0 s, failed</title>")
  })

  it("has round times below it", () => {
    expect([...gantt(found).matchAll(/<text x="[\d.]+" y="40">([^<]*)/g)].map(([, text]) => text)).toEqual([
      "0.0 s",
      "0.5 s",
      "1.0 s",
      "1.5 s",
      "2.0 s",
      "2.5 s",
      "3.0 s",
      "3.5 s",
      "4.0 s",
    ])
  })

  it("of nothing is drawn, too", () => {
    expect(gantt(timeline([]))).toContain("</svg>")
  })

  it("stands on a page with the critical path in words", () => {
    const page = ganttPage("A <run>", found)
    expect(page).toContain("<h1>A &lt;run&gt;</h1>")
    expect(page).toContain(
      "2 nodes ran in 4.0 s, at most 1 at once, on 1.00 cores on average; the critical path took 4.0 s.",
    )
    expect(page).toContain("<tr><td>train/h=8</td><td>0.0 s</td><td>3.0 s</td></tr>")
  })
})
