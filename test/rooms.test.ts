// The doors between the rooms: which files may import which, type-only imports included, and what a stage may
// not even name. Read from the text of every file, so that nothing has to be loaded.
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "..")
const rooms = ["cache", "pipeline", "stages", "report", "specs"] as const

const filesOf = (room: string): ReadonlyArray<string> =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(room, file))

interface Import {
  readonly target: string
  readonly lazy: boolean
}

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "")

/** What a file imports: our own files as paths from the root, packages as they are named. */
export const importsIn = (file: string, source: string): ReadonlyArray<Import> => {
  const text = withoutComments(source)
  const fixed = [...text.matchAll(/^\s*(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"|^\s*import\s+"([^"]+)"/gm)].map(
    (match) => ({ specifier: (match[1] ?? match[2])!, lazy: false }),
  )
  const lazy = [...text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)].map((match) => ({ specifier: match[1]!, lazy: true }))
  return [...fixed, ...lazy].map(({ specifier, lazy: isLazy }) => ({
    target: specifier.startsWith(".") ? relative(root, join(root, dirname(file), specifier)) : specifier,
    lazy: isLazy,
  }))
}

const sources = new Map(rooms.flatMap(filesOf).map((file) => [file, readFileSync(join(root, file), "utf8")]))
const imports = new Map([...sources].map(([file, source]) => [file, importsIn(file, source)]))

const ours = (target: string): boolean =>
  rooms.some((room) => target.startsWith(`${room}/`)) || target.startsWith("test/")

const mayImport = (file: string, target: string): boolean => {
  if (file === "pipeline/stage.ts") return false
  switch (file.split("/")[0]) {
    case "cache":
      return target.startsWith("cache/")
    case "pipeline":
      return target.startsWith("pipeline/") || target.startsWith("cache/")
    case "stages":
      return (
        target.startsWith("stages/") ||
        target === "pipeline/stage.ts" ||
        (file.startsWith("stages/plot/") && ["report/figure.ts", "report/matrix.ts"].includes(target))
      )
    case "report":
      return target.startsWith("report/")
    default:
      return (
        ["stages/", "report/", "specs/"].some((room) => target.startsWith(room)) ||
        ["spec", "stage", "node", "check"].some((word) => target === `pipeline/${word}.ts`)
      )
  }
}

/** Packages that belong to some places only. */
const kept: ReadonlyArray<readonly [packages: RegExp, places: RegExp]> = [
  [/^(@tensorflow\/|onnxruntime-node|onnx-proto)/, /^stages\//],
  [/^(vega|vega-lite|vega-embed|vega-interpreter|@resvg\/|dejavu-fonts-ttf)/, /^report\//],
  [/^rolldown/, /^pipeline\/code\/(bundle|emit|syntax)\.ts$/],
  [/^arquero/, /^(stages\/|pipeline\/commands\/inspect\/export\.ts$)/],
  // Hashing bytes and formatting text are functions of their arguments; the rest of Node is the world.
  [/^node:(?!crypto$|util$)/, /^(cache|pipeline|report)\//],
]

const folders = new Set(
  [...imports.keys()].flatMap((file) => file.split("/").map((_, depth, parts) => parts.slice(0, depth).join("/"))),
)
folders.delete("")

/** Which entries of a folder import which: its files and its folders, each by its path. */
const entriesOf = (
  folder: string,
  files: ReadonlyMap<string, ReadonlyArray<Import>> = imports,
): ReadonlyMap<string, ReadonlyArray<string>> => {
  const entryOf = (file: string): string | undefined => {
    if (!file.startsWith(`${folder}/`)) return undefined
    return `${folder}/${file
      .slice(folder.length + 1)
      .split("/")[0]!
      .replace(/(\.run)?\.ts$/, "")}`
  }
  const graph = new Map<string, Array<string>>()
  for (const [file, targets] of files) {
    const from = entryOf(file)
    if (from === undefined) continue
    const others = targets.flatMap(({ target }) => entryOf(target) ?? []).filter((entry) => entry !== from)
    graph.set(from, [...(graph.get(from) ?? []), ...others])
  }
  return graph
}

describe("the doors", () => {
  it("are passed only by those who may", () => {
    const forbidden = [...imports].flatMap(([file, targets]) =>
      targets
        .filter(({ target }) => ours(target) && !mayImport(file, target))
        .map(({ target }) => `${file} -> ${target}`),
    )
    expect(forbidden).toEqual([])
  })

  it("keep every package in its place", () => {
    const strays = [...imports].flatMap(([file, targets]) =>
      targets
        .filter(({ target }) => kept.some(([packages, places]) => packages.test(target) && !places.test(file)))
        .map(({ target }) => `${file} -> ${target}`),
    )
    expect(strays).toEqual([])
  })

  it("lead in no circle", () => {
    expect(
      circleIn(
        new Map(
          [...imports].map(([file, targets]) => [
            file,
            targets.filter(({ target, lazy }) => !lazy && imports.has(target)).map(({ target }) => target),
          ]),
        ),
      ),
    ).toBeUndefined()
  })

  // In each folder, the files and folders beside each other import in one direction. A folder stands for all that is in
  // it, and a stage and its body (x.ts and x.run.ts) are one.
  it("lead in no circle of folders, at any depth", () => {
    const circles = [...folders].flatMap((folder) => circleIn(entriesOf(folder)) ?? [])
    expect(circles).toEqual([])
  })

  it("let no stage name the clock, chance or the environment", () => {
    const named = [...sources]
      .filter(([file]) => file.startsWith("stages/"))
      .flatMap(([file, source]) =>
        [
          ...withoutComments(source).matchAll(
            /\bDate\b|\bMath\.random\b|\bperformance\b|\bprocess\.(?!env\.NODE)|\bfetch\(|\bsetTimeout\b/g,
          ),
        ].map((match) => `${file}: ${match[0]}`),
      )
    expect(named).toEqual([])
  })

  const own = [...sources].concat(filesOf("test").map((file) => [file, readFileSync(join(root, file), "utf8")]))

  it("keep every file below 300 lines", () => {
    expect(own.filter(([, source]) => source.split("\n").length > 301).map(([file]) => file)).toEqual([])
  })

  it("keep every line within 120 columns", () => {
    const long = own.flatMap(([file, source]) =>
      source.split("\n").flatMap((line, i) => (line.length > 120 ? [`${file}:${i + 1}`] : [])),
    )
    expect(long).toEqual([])
  })
})

const importsOf = (...targets: ReadonlyArray<string>) => targets.map((target) => ({ target, lazy: false }))

describe("the reading of imports", () => {
  it("finds fixed, type-only, re-exported, bare and lazy ones, and none in comments", () => {
    const text = `// import { no } from "./comment.ts"
import { a } from "./a.ts"
import type { B } from "../cache/b.ts"
import {
  c,
} from "c"
export { d } from "./d.ts"
import "./e.ts"
const f = () => import("./f.ts")`
    expect(importsIn("pipeline/x.ts", text)).toEqual([
      { target: "pipeline/a.ts", lazy: false },
      { target: "cache/b.ts", lazy: false },
      { target: "c", lazy: false },
      { target: "pipeline/d.ts", lazy: false },
      { target: "pipeline/e.ts", lazy: false },
      { target: "pipeline/f.ts", lazy: true },
    ])
  })

  it("sees a circle of folders that is none of files, and takes a stage and its body for one", () => {
    const files = new Map([
      ["r/a/x.ts", importsOf("r/b/y.ts", "r/c.ts")],
      ["r/b/y.ts", importsOf("r/a/z.ts")],
      ["r/c.ts", importsOf("r/c.run.ts")],
      ["r/c.run.ts", importsOf("r/c.ts")],
    ])
    expect(circleIn(entriesOf("r", files))).toEqual(["r/a", "r/b", "r/a"])
    files.delete("r/b/y.ts")
    expect(circleIn(entriesOf("r", files))).toBeUndefined()
  })

  it("sees a circle of three", () => {
    expect(
      circleIn(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["a"]],
        ]),
      ),
    ).toEqual(["a", "b", "c", "a"])
  })
})

function circleIn(graph: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlyArray<string> | undefined {
  const done = new Set<string>()
  const visit = (file: string, path: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file])
      if (circle !== undefined) return circle
    }
    done.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const circle = visit(file, [])
    if (circle !== undefined) return circle
  }
  return undefined
}
