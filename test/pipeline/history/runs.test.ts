// What past runs were like, read from journals written by hand: by this version, by an older one, and torn off.
import { describe, expect, it } from "vitest"
import type { Data } from "../../../cache/digest.ts"
import { compare } from "../../../pipeline/history/compare.ts"
import { lastEnd, nodesOf, past, pastRuns, type Past, type Written } from "../../../pipeline/history/runs.ts"

const written = (run: string, ...lines: ReadonlyArray<readonly [time: number, id: string, value: Data]>): Written => ({
  run,
  lines: lines.map(([time, id, value]) => ({ time, id, value })),
})
const began = (time: number, settings: { readonly [name: string]: Data } = {}, spec = "specs/a.ts") =>
  [time, `began ${spec}`, { settings, nodes: 2 }] as const
const done = (
  time: number,
  node: string,
  key: string,
  rest: { readonly [name: string]: Data } = {},
  spec = "specs/a.ts",
) => [time, `done ${spec} ${node}`, { key, seconds: 2, outcome: "run", ...rest }] as const
const failed = (time: number, node: string) =>
  [time, `failed specs/a.ts ${node}`, { message: "it grew", log: "l" }] as const
const ended = (time: number, rest: { readonly [name: string]: Data } = {}) =>
  [
    time,
    "ended specs/a.ts",
    {
      code: 0,
      counts: { hit: 1, joined: 0, run: 1, failed: 0, skipped: 0 },
      seconds: 5,
      checks: [],
      skipped: [],
      ...rest,
    },
  ] as const

const tag = (time: number, name: string, run: Data) => [time, `tag ${name}`, run] as const

const whole = (run: Written): Past => past(run)!
/** What became of each node: its key, or how it ended. */
const nodes = (run: Written, ...others: ReadonlyArray<Written>): { readonly [node: string]: string } =>
  Object.fromEntries(
    [...nodesOf(whole(run), [...others, run])].map(([node, end]) => [
      node,
      end._tag === "Done" ? `${end.outcome} ${end.key}` : end._tag,
    ]),
  )

describe("a past run", () => {
  it("tells its settings, counts, seconds and end", () => {
    expect(past(written("r", began(1000, { h: [8] }), done(2000, "b", "k"), ended(3000, { code: 4 })))).toEqual({
      run: "r",
      spec: "specs/a.ts",
      began: 1000,
      settings: { h: [8] },
      nodes: 2,
      counts: { hit: 1, joined: 0, run: 1, failed: 0, skipped: 0 },
      seconds: 5,
      code: 4,
      checks: [],
      accepted: 0,
      tags: [],
    })
  })

  it("of an earlier version has its verdicts in the words of today", () => {
    const checks = ["reproduced", "different", "not reproduced", "not tested", "agrees"].map((verdict, i) => ({
      id: `${i}`,
      measured: 1,
      verdict,
      asDeclared: true,
    }))
    const { checks: read } = past(written("r", began(1000), ended(3000, { checks: checks as never })))!
    expect(read.map(({ verdict }) => verdict)).toEqual(["agrees", "differs", "contradicts", "not judged", "agrees"])
  })

  it("has the tags that name it now, wherever and in whatever order they were written", () => {
    const tags = written(
      "tags",
      tag(10, "first", "1"),
      tag(40, "gone", null),
      tag(20, "gone", "1"),
      tag(30, "moved", "1"),
      tag(50, "moved", "2"),
    )
    const runs = pastRuns([
      written("1", began(1000), ended(2000)),
      tags,
      written("2", began(3000), ended(4000, { accepted: 2 })),
      written("other", tag(15, "elsewhere", "2")),
    ])
    expect(runs.map(({ run, tags, accepted }) => [run, tags, accepted])).toEqual([
      ["1", ["first"], 0],
      ["2", ["elsewhere", "moved"], 2],
    ])
  })

  it("that was killed has what it wrote, and no end", () => {
    expect(past(written("r", began(1000), done(2500, "a", "k"), failed(3000, "b")))).toMatchObject({
      code: null,
      seconds: 2,
      counts: { hit: null, joined: 0, run: 1, failed: 1, skipped: null },
    })
  })

  it("of an older version is known by its nodes", () => {
    expect(past(written("r", done(1000, "train/h=8", "k")))).toMatchObject({
      spec: "specs/a.ts",
      settings: null,
      nodes: null,
      code: null,
      counts: { run: 1 },
    })
  })

  it("that says nothing of a spec is none", () => {
    expect(past(written("r", [1000, "something else", 1]))).toBeUndefined()
  })
})

describe("the nodes of a past run", () => {
  const first = written("1", began(1000), done(2000, "a", "a1"), done(3000, "b", "b1"), ended(4000))

  it("that did not change come from the runs before it", () => {
    expect(nodes(written("2", began(5000), done(6000, "b", "b2"), ended(7000)), first)).toEqual({
      a: "hit a1",
      b: "run b2",
    })
    expect(nodes(written("2", began(5000), ended(7000)), first)).toEqual({ a: "hit a1", b: "hit b1" })
  })

  it("are those of the last run that had them, not of other specs or of later runs", () => {
    const other = written(
      "o",
      began(4100, {}, "specs/b.ts"),
      done(4200, "a", "other", {}, "specs/b.ts"),
      done(4300, "c", "other", {}, "specs/b.ts"),
    )
    const later = written("3", began(8000), done(9000, "a", "a3"), ended(9500))
    expect(nodes(written("2", began(5000), ended(7000)), first, other, later)).toEqual({ a: "hit a1", b: "hit b1" })
  })

  it("are without what a run beside it did after it had begun", () => {
    const beside = written("0", began(900), done(5500, "a", "a9"), ended(6000))
    expect(nodes(written("2", began(5000), ended(7000)), first, beside)).toEqual({ a: "hit a1", b: "hit b1" })
  })

  it("leave out those of other settings, also in the runs that follow", () => {
    const second = written("2", began(5000), [5001, "absent specs/a.ts", ["a"]], ended(7000))
    expect(nodes(second, first)).toEqual({ b: "hit b1" })
    expect(nodes(written("3", began(8000), ended(9000)), first, second)).toEqual({ b: "hit b1" })
    expect(nodes(written("4", began(8000), [8001, "absent specs/a.ts", []], ended(9000)), first, second)).toEqual({
      a: "hit a1",
      b: "hit b1",
    })
  })

  it("that failed or were skipped are not what they were before", () => {
    expect(nodes(written("2", began(5000), failed(6000, "a"), ended(7000, { skipped: ["b"] })), first)).toEqual({
      a: "Failed",
      b: "Skipped",
    })
  })

  it("of a run that was killed are those it wrote", () => {
    expect(nodes(written("2", began(5000), done(6000, "b", "b2")), first)).toEqual({ b: "run b2" })
  })

  it("begin when they say, or as long before their end as they took", () => {
    const run = written(
      "1",
      began(1000),
      done(6000, "a", "a1", { began: 3500 }),
      done(7000, "b", "b1"),
      done(8000, "c", "c1", { outcome: "joined" }),
      ended(9000),
    )
    expect([...nodesOf(whole(run), [run]).values()].map((end) => end._tag === "Done" && end.began)).toEqual([
      3500,
      5000,
      null,
    ])
  })
})

describe("the last end of a node", () => {
  const first = written("1", began(1000), done(2000, "a", "a1"), ended(3000))
  const second = written("2", began(4000), failed(5000, "a"), ended(6000))

  it("is its newest, also a failure", () => {
    expect(lastEnd([first, second], "specs/a.ts", "a")).toMatchObject({ _tag: "Failed", message: "it grew", log: "l" })
    expect(lastEnd([first], "specs/a.ts", "a")).toMatchObject({ _tag: "Done", key: "a1" })
  })

  it("is none where no run came to it", () => {
    expect(lastEnd([first, second], "specs/a.ts", "b")).toBeUndefined()
    expect(lastEnd([first, second], "specs/b.ts", "a")).toBeUndefined()
  })
})

const check = (id: string, measured: number, verdict = "agrees", rest = {}) => ({
  id,
  measured,
  verdict,
  asDeclared: true,
  spread: 0.1,
  ...rest,
})

describe("the difference of two runs", () => {
  const first = written(
    "1",
    began(1000, { h: [8], seed: 0 }),
    done(2000, "a", "a1"),
    done(2500, "b", "b1"),
    done(2600, "old", "o"),
    ended(3000, { checks: ["same", "moved", "turned", "wider", "undeclared"].map((id) => check(id, 1)) }),
  )
  const second = written(
    "2",
    began(4000, { h: [8, 16], seed: 0 }),
    [4001, "absent specs/a.ts", ["old"]],
    done(5000, "a", "a2"),
    done(5500, "new", "n"),
    ended(6000, {
      checks: [
        check("same", 1),
        check("moved", 2),
        check("turned", 1, "contradicts"),
        check("wider", 1, "agrees", { spread: 0.2 }),
        check("undeclared", 1, "agrees", { asDeclared: false }),
        check("added", 0),
      ],
    }),
  )
  const compared = (run: Written) => ({ ...whole(run), nodes: nodesOf(whole(run), [first, second]) })

  it("names settings, nodes and checks that differ, and nothing else", () => {
    const { settings, onlyBefore, onlyAfter, nodes, checks } = compare(compared(first), compared(second))
    expect(settings).toEqual([{ path: "h", before: "[8]", after: "[8,16]" }])
    expect([onlyBefore, onlyAfter]).toEqual([["old"], ["new"]])
    expect(
      nodes.map(({ name, before, after }) => [
        name,
        before._tag === "Done" && before.key,
        after._tag === "Done" && after.key,
      ]),
    ).toEqual([["a", "a1", "a2"]])
    expect(checks.map(({ name, before, after }) => [name, before?.measured, after?.measured, after?.verdict])).toEqual([
      ["moved", 1, 2, "agrees"],
      ["turned", 1, 1, "contradicts"],
      ["wider", 1, 1, "agrees"],
      ["undeclared", 1, 1, "agrees"],
      ["added", undefined, 0, "agrees"],
    ])
  })

  it("is nothing between a run and itself", () => {
    expect(compare(compared(second), compared(second))).toEqual({
      settings: [],
      onlyBefore: [],
      onlyAfter: [],
      nodes: [],
      checks: [],
    })
  })
})
