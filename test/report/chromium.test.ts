// The report as a reader opens it: in Chromium from a file, wide and narrow, with honest and hostile content.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { duration } from "../../report/number.ts"
import { compare, page } from "../../report/page.ts"
import { hasChromium, launch } from "../support/chromium.ts"
import { comparison, content, large } from "./content.ts"
import { hostile } from "./hostile.ts"

const folder = mkdtempSync(join(tmpdir(), "report-"))

const written = async (name: string, files: Awaited<ReturnType<typeof page>>): Promise<string> => {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true })
    writeFileSync(join(folder, name, path), bytes)
  }
  return `file://${join(folder, name, "index.html")}`
}

// The tests have no DOM types, so what runs in the page is text.
const LOOK = `({
  drawn: [...document.querySelectorAll("[data-figure]")]
    .map((plate) => plate.querySelectorAll(".role-mark path").length),
  labelled: [...document.querySelectorAll(".drawing svg")]
    .map((svg) => svg.getAttribute("aria-label") ?? svg.parentElement.getAttribute("aria-label") ?? "")
    .every((label) => label !== ""),
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  clipped: [...document.querySelectorAll(".plate")].filter((plate) => plate.scrollWidth > plate.clientWidth + 1).length,
  bold: document.querySelectorAll("b.hostile").length,
  hacked: typeof window.hacked,
})`

interface Look {
  readonly drawn: ReadonlyArray<number>
  readonly labelled: boolean
  readonly overflow: number
  readonly clipped: number
  readonly bold: number
  readonly hacked: string
}

describe.skipIf(!hasChromium)("the page in Chromium", () => {
  let browser: Browser
  const urls = { honest: "", hostile: "", large: "", two: "" }
  beforeAll(async () => {
    urls.honest = await written("honest", await page(content))
    urls.hostile = await written("hostile", await page(hostile))
    urls.large = await written("large", await page(large))
    urls.two = await written("two", await compare(comparison))
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  const open = async (url: string, width: number, colorScheme: "light" | "dark") => {
    const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const complaints: Array<string> = []
    tab.on("pageerror", (error) => complaints.push(error.message))
    tab.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text())
    })
    tab.on("request", (request) => {
      if (request.url() !== url) complaints.push(`asked for ${request.url()}`)
    })
    await tab.goto(url)
    // No function: the page's policy forbids to make one from text.
    await tab.waitForSelector(`html[data-drawn="${await tab.locator("[data-figure]").count()}"], html[data-failed]`, {
      state: "attached",
    })
    return { tab, complaints }
  }

  test.each([
    [1280, "light"],
    [390, "light"],
    [1280, "dark"],
    [390, "dark"],
  ] as const)("draws every figure %i wide in %s, quietly and without overflow", async (width, scheme) => {
    const { tab, complaints } = await open(urls.honest, width, scheme)
    const look = await tab.evaluate<Look>(LOOK)
    expect(complaints).toEqual([])
    expect(look.drawn).toHaveLength(content.figures.length)
    expect(Math.min(...look.drawn)).toBeGreaterThan(7)
    expect(look).toMatchObject({ labelled: true, overflow: 0, clipped: 0 })
    // A blank picture of this size is a few kilobytes.
    expect((await tab.locator("#figure-3a .plate").screenshot()).length).toBeGreaterThan(8000)
    await tab.close()
  })

  test.each([1280, 390])("of 25 figures draws each, %i wide, quietly and without overflow", async (width) => {
    const { tab, complaints } = await open(urls.large, width, "light")
    const look = await tab.evaluate<Look>(LOOK)
    expect(complaints).toEqual([])
    expect(look.drawn).toHaveLength(25)
    expect(Math.min(...look.drawn)).toBeGreaterThan(7)
    expect(look).toMatchObject({ labelled: true, overflow: 0, clipped: 0 })
    await tab.close()
  })

  test.each([
    [1280, "light"],
    [390, "dark"],
  ] as const)(
    "about two runs draws each figure, %i wide in %s, quietly and without overflow",
    async (width, scheme) => {
      const { tab, complaints } = await open(urls.two, width, scheme)
      const look = await tab.evaluate<Look>(LOOK)
      expect(complaints).toEqual([])
      expect(look.drawn).toHaveLength(comparison.figures.length)
      expect(Math.min(...look.drawn)).toBeGreaterThan(7)
      expect(look).toMatchObject({ labelled: true, overflow: 0, clipped: 0 })
      await tab.locator("#figure-2a .plate").focus()
      await tab.keyboard.press("ArrowLeft")
      expect(await tab.locator("#figure-2a .told").textContent()).toMatch(/^runlast \(widths=50,100\)/)
      await tab.close()
    },
  )

  const lookedAtFirst =
    "of 25 figures shows what is looked at within a second of computing, and draws next what is scrolled to"
  test(lookedAtFirst, async () => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const session = await tab.context().newCDPSession(tab)
    // Not the clock on the wall: others may have the processor.
    await session.send("Performance.enable", { timeDomain: "threadTicks" })
    await tab.addInitScript(`{
      window.seen = new Set()
      const listen = () => {
        for (const plate of document.querySelectorAll("[data-figure]:has(.drawing svg)")) seen.add(plate.dataset.figure)
        if (seen.size === 1) scrollTo({ top: document.body.scrollHeight, behavior: "instant" })
      }
      new MutationObserver(listen)
        .observe(document, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] })
    }`)
    await tab.goto(urls.large, { waitUntil: "commit" })
    await tab.waitForSelector("html[data-drawn]", { state: "attached" })
    const { metrics } = await session.send("Performance.getMetrics")
    expect(metrics.find(({ name }) => name === "ThreadTime")!.value).toBeLessThan(1)
    await tab.waitForSelector(`html[data-drawn]:not([data-drawn="1"])`, { state: "attached" })
    const seen = await tab.evaluate<ReadonlyArray<string>>("[...window.seen]")
    expect(seen.slice(0, 2)).toEqual([large.figures[0]!.id, large.figures[24]!.id])
    await tab.close()
  })

  test("shows only the claims not plainly in agreement, where that is asked for, without a script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const tab = await context.newPage()
    await tab.goto(urls.honest)
    const rows = tab.locator(".claims tbody tr:visible")
    expect(await rows.count()).toBe(9 + 6)
    await tab.getByLabel("Only the 3").check()
    expect(await rows.allTextContents()).toHaveLength(3 + 3)
    expect(await tab.locator(".claims tr:visible .verdict.agrees").count()).toBe(0)
    await context.close()
  })

  test("a click on a legend fades the other series, in every panel", async () => {
    const { tab } = await open(urls.honest, 1280, "light")
    const faded =
      `[...document.querySelectorAll("#figure-3a .role-mark path")].filter((path) => ` +
      `Number(path.getAttribute("opacity") ?? 1) < 0.2).length`
    expect(await tab.evaluate(faded)).toBe(0)
    await tab.locator("#figure-3a .role-legend-symbol path").first().click()
    await expect.poll(() => tab.evaluate(faded)).toBeGreaterThan(32)
    await tab.close()
  })

  test("a point tells its values when pointed at", async () => {
    const { tab } = await open(urls.honest, 1280, "light")
    await tab.locator("#figure-1c .mark-symbol.role-mark path").last().hover()
    await tab.waitForSelector("#vg-tooltip-element.visible")
    expect(await tab.locator("#vg-tooltip-element").textContent()).toMatch(/h100.*√h α.*test error.*replicas3/)
    await tab.close()
  })

  test("a replica tells the node that made it: its name, key, seconds, and the command that shows it", async () => {
    const { tab } = await open(urls.honest, 1280, "light")
    const replicas = tab.locator("#figure-6 .mark-symbol.role-mark").first().locator("path")
    await replicas.first().scrollIntoViewIfNeeded()
    // Of those that their mean does not cover.
    const free = await tab.evaluate(
      `[...document.querySelector("#figure-6 ` +
        `.mark-symbol.role-mark").querySelectorAll("path")].findIndex((path) => { const { x, y, width, height } ` +
        "= path.getBoundingClientRect(); return document.elementFromPoint(x + width / 2, y + height / 2) === " +
        "path })",
    )
    await replicas.nth(Number(free)).hover()
    await tab.waitForSelector("#vg-tooltip-element.visible")
    const told = String(await tab.locator("#vg-tooltip-element").textContent())
    const name = /node(train\/.*replica=\d)key/.exec(told)![1]!
    const { key, seconds } = content.nodes.find((node) => node.name === name)!
    expect(told).toContain(`key${key.slice(0, 12)}took${duration(seconds)}`)
    expect(told).toContain(`shownpx pipeline show specs/paper.ts '${name}'`)
    await tab.close()
  })

  test("the arrow keys in a figure go from point to point", async () => {
    const { tab } = await open(urls.honest, 1280, "light")
    const told = tab.locator("#figure-2a .told")
    await tab.locator("#figure-2a .plate").focus()
    const seen: Array<string | null> = []
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"]) {
      await tab.keyboard.press(key)
      seen.push(await told.textContent())
    }
    expect(seen[0]).toMatch(/regimefeatureh32Var/)
    expect(seen[1]).not.toBe(seen[0])
    expect(seen[2]).toBe(seen[0])
    expect(await tab.locator("#figure-2a .drawing .here").count()).toBe(1)
    for (const plate of await tab.locator(".plate").all()) {
      await plate.focus()
      await tab.keyboard.press("ArrowRight")
      expect(await plate.locator(".told tr").count()).toBeGreaterThan(0)
    }
    await tab.close()
  })

  test("the keyboard reaches every link, figure and part that scrolls", async () => {
    const { tab } = await open(urls.honest, 1280, "light")
    const wanted = await tab.evaluate<number>(
      `[...document.querySelectorAll("a[href], input, .plate, *")].filter((each) => ` +
        `each.getClientRects().length > 0 && (each.matches("a[href], input, .plate") || (each.matches("main *") ` +
        "&& /auto|scroll/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth))).length",
    )
    const reached = new Set<string>()
    for (let press = 0; press < wanted + 20; press++) {
      await tab.keyboard.press("Tab")
      reached.add(
        await tab.evaluate<string>(
          "(() => { const at = document.activeElement; at.dataset.at ??= " +
            `String(document.querySelectorAll("[data-at]").length); return at.matches("a[href], input, .plate") ` +
            `|| at.scrollWidth > at.clientWidth ? at.dataset.at : "" })()`,
        ),
      )
    }
    reached.delete("")
    expect(reached.size).toBeGreaterThanOrEqual(wanted)
    await tab.close()
  })

  test("text that looks like markup stays text", async () => {
    const { tab, complaints } = await open(urls.hostile, 1280, "light")
    expect(await tab.evaluate<Look>(LOOK)).toMatchObject({ bold: 0, hacked: "undefined" })
    expect(complaints.filter((complaint) => !complaint.includes("Content Security Policy"))).toEqual([])
    expect(await tab.locator("h1").textContent()).toBe(hostile.title)
    await tab.close()
  })
})
