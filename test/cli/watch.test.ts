// `watch` as somebody uses it who edits and looks at the page: one process that watches, a small spec with a data
// file, and every way in which an editor saves.
import { readFileSync, renameSync } from "node:fs"
import { get } from "node:http"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { hasChromium, launch } from "../support/chromium.ts"
import { Project, type Running } from "../support/project.ts"
import { waiting } from "../support/waiting.ts"

const spec = "specs/watched.ts"
const text = `
import { Effect, Schema } from "effect"
import { node, source } from "../pipeline/node.ts"
import { spec } from "../pipeline/spec.ts"
import { Bytes, stage, Table } from "../pipeline/stage.ts"
import { factor } from "../stages/factor.ts"
${waiting}

export const count = stage(import.meta, "count", {
  params: Schema.Struct({}), inputs: { text: Bytes }, outputs: { size: Table },
  run: async () => ({ run: ({ inputs: { text } }) => Effect.succeed({ size: { size: [factor * text.length] } }) }),
})
export const pause = stage(import.meta, "pause", {
  params: Schema.Struct({ seconds: Schema.Finite }), inputs: {}, outputs: { done: Table },
  run: async () => ({ run: ({ params }) => Effect.promise(async () => {
    await wait(1000 * params.seconds)
    return { done: {} }
  }) }),
})
export default spec({
  config: {},
  nodes: () => ({
    counted: node(count, {}, { text: source({ path: "data.txt" }).out.bytes }),
    waited: node(pause, { seconds: 0 }, {}),
  }),
  checks: () => [],
  page: () => ({
    title: "One", lead: [], figures: [],
    render: async () => ({ page: async ({ title }) => new Map([["index.html", "<title>" + title + "</title>"]]) }),
  }),
})
`

let project: Project
let watch: Running
let url: string
beforeAll(async () => {
  project = new Project({ copied: ["stages"] })
  project.write(spec, text)
  project.write("stages/factor.ts", "export const factor = 2\n")
  project.write("data.txt", "abc")
  watch = project.start("watch", spec, "--json", "--executor", "inline", "--jobs", "2")
  await watch.until(({ _tag }) => _tag === "Waiting")
  url = (watch.told().find(({ _tag }) => _tag === "Serving") as unknown as { readonly url: string }).url
}, 60_000)
afterAll(() => {
  watch.signal("SIGKILL")
  project[Symbol.dispose]()
})

/** What is told from a change until there is nothing more to do. */
const after = async (
  change: () => void,
): Promise<{
  readonly changed: ReadonlyArray<string>
  readonly started: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
}> => {
  const before = watch.told().length
  change()
  await watch.until(() =>
    watch
      .told()
      .slice(before)
      .some(({ _tag }) => _tag === "Waiting"),
  )
  const told = watch.told().slice(before)
  return {
    changed: told.flatMap((event) =>
      event._tag === "Changed" ? (event as unknown as { readonly files: ReadonlyArray<string> }).files : [],
    ),
    started: told.flatMap(({ _tag, node }) => (_tag === "NodeStarted" ? [node!] : [])),
    tags: told.map(({ _tag }) => _tag),
  }
}

const ask = (
  path: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    get({ hostname, port, path, headers }, (response) => {
      let body = ""
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString()
      })
      response.on("end", () => resolve({ status: response.statusCode!, body }))
    }).on("error", reject)
  })

it("serves the page as it is on the disk, and nothing that is not in its folder", async () => {
  expect((await ask("/index.html")).body).toBe(readFileSync(project.path("out/watched/index.html"), "utf8"))
  expect((await ask("/")).body).toContain("<iframe")
  for (const path of [
    "/../../package.json",
    "/%2e%2e/%2e%2e/package.json",
    "/..%2f..%2fpackage.json",
    "/%00",
    "/%",
    "/none.svg",
  ])
    expect((await ask(path)).status, path).toBe(404)
})

it("answers no other site", async () => {
  expect((await ask("/index.html", { host: "evil.example" })).status).toBe(403)
})

it("what reads a file runs again: of code, also when it is saved beside and renamed, and of data", async () => {
  const both = await after(() => {
    project.write("stages/factor.ts~", "export const factor = 3\n")
    renameSync(project.path("stages/factor.ts~"), project.path("stages/factor.ts"))
    project.write("data.txt", "abcd")
  })
  expect(both).toMatchObject({ changed: ["stages/factor.ts", "data.txt"], started: ["count"] })
})

const notLoading =
  "a spec that does not load waits for the next change, also of a file that it imports and that is not there yet"
it(notLoading, async () => {
  const torn = await after(() => project.write(spec, text.replace("../stages/factor.ts", "../stages/later.ts")))
  expect(torn).toMatchObject({ changed: [spec], started: [] })
  expect(torn.tags).not.toContain("RunDone")
  expect(await after(() => project.write("stages/later.ts", "export const factor = 5\n"))).toMatchObject({
    changed: ["stages/later.ts"],
    started: ["count"],
  })
})

it.skipIf(!hasChromium)("the page in a browser is the new one, without a hand on it", async () => {
  const browser: Browser = await launch()
  try {
    const tab = await browser.newPage()
    await tab.goto(url)
    await tab.waitForFunction(`document.title === "One"`)
    const complaints: Array<string> = []
    tab.on("pageerror", (error) => complaints.push(error.message))
    project.write(spec, text.replace(`"One"`, `"Two"`))
    await tab.waitForFunction(`document.title === "Two"`)
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
})

it("a change during a run lets what computes finish, starts nothing new, and then runs again", async () => {
  const slow = text.replace("seconds: 0 }", "seconds: 1.2 }")
  const before = watch.told().length
  const since = () => watch.told().slice(before)
  const ended = after(() => project.write(spec, slow))
  await watch.until(() => since().some(({ _tag, node }) => _tag === "NodeStarted" && node === "pause"))
  project.write("data.txt", "abcde")
  const { tags, started } = await ended
  expect(tags.indexOf("Draining")).toBeGreaterThan(tags.indexOf("NodeStarted"))
  expect(tags.filter((tag) => tag === "RunStarted")).toHaveLength(2)
  // The slow one was kept, and is a hit of the second run.
  expect(started.toSorted()).toEqual(["count", "pause"])
})

it("Ctrl-C during a run ends that gently, and both with 130", async () => {
  const before = watch.told().length
  project.write(spec, text.replace("seconds: 0 }", "seconds: 0.9 }"))
  await watch.until(() =>
    watch
      .told()
      .slice(before)
      .some(({ _tag }) => _tag === "NodeStarted"),
  )
  watch.signal("SIGINT")
  const { code } = await watch.finished
  expect(code).toBe(130)
  expect(
    watch
      .told()
      .slice(before)
      .filter(({ _tag, node }) => _tag === "NodeDone" && node === "pause"),
  ).toHaveLength(1)
})

it("a port that is taken is named, with the way out", async () => {
  const { createServer } = await import("node:net")
  const taken = createServer().listen(0, "127.0.0.1")
  await new Promise((listening) => {
    taken.once("listening", listening)
  })
  const { port } = taken.address() as { readonly port: number }
  const { code, err } = await project.run("watch", spec, "--port", String(port))
  taken.close()
  expect(code).toBe(2)
  expect(err).toMatch(new RegExp(`^No page can be served at port ${port}: .*--port`))
})
