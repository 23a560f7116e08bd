// The page's script: draws every figure, shrinks a figure on a narrow page, and shows the values behind a point.
// Knows nothing about other modules at run time: `draw` is written into the page as text, so it uses only its argument.
import type { Behind } from "./section/nodes.ts"

interface Box {
  readonly clientWidth: number
  readonly dataset: { figure?: string }
  innerHTML: string
  querySelector(selector: string): Box
  getBoundingClientRect(): { readonly top: number }
  addEventListener(event: "keydown", listener: (event: { readonly key: string; preventDefault(): void }) => void): void
}

/** The part of a browser window that the script uses. */
export interface Browser {
  readonly document: {
    readonly documentElement: { readonly dataset: { drawn?: string; failed?: string } }
    querySelectorAll(selector: string): Iterable<Box>
    getElementById(id: string): { readonly textContent: string }
  }
  readonly console: { error(reason: unknown): void }
  addEventListener(event: "resize", listener: () => void): void
  removeEventListener(event: "resize", listener: () => void): void
  setTimeout(then: () => void): void
  vegaEmbed(box: Box, spec: Drawing, options: object): Promise<{ readonly view: View; finalize(): void }>
}

interface Drawing {
  width?: number
  signals?: ReadonlyArray<{ readonly name: string; value?: number }>
  layout?: { columns?: number }
  readonly data?: ReadonlyArray<{ readonly values?: ReadonlyArray<{ node?: unknown }> }>
}

interface View {
  scenegraph(): { readonly root: Item }
  addEventListener(event: "click", listener: (event: unknown, item: Item | null | undefined) => void): void
}

/** A mark, a group or a point of a drawing. */
interface Item {
  readonly role?: string
  readonly marktype?: string
  readonly items?: ReadonlyArray<Item>
  readonly tooltip?: { readonly [title: string]: unknown }
  readonly _svg?: { readonly classList: { toggle(name: string, on: boolean): void } }
}

/** Draws the figures into their boxes. Draws a figure again when the width of its box changes by 24 pixels or more. */
export const draw = (browser: Browser): void => {
  const { document } = browser
  const state = document.documentElement.dataset
  const { show, nodes } = JSON.parse(document.getElementById("nodes").textContent) as Behind
  const byName = new Map(nodes.map((node) => [node.name as unknown, node]))

  // The values of a point. If one node made the point, also the key and the seconds of that node.
  const behind = (values: { readonly [title: string]: unknown }): string => {
    const node = byName.get(values["node"])
    const known =
      node === undefined
        ? {}
        : { key: node.key, took: node.took, show: `${show} '${node.name.replaceAll("'", String.raw`'\''`)}'` }
    const rows = Object.entries({ ...values, ...known }).filter(
      ([title, value]) => title !== "node" || (value !== "null" && value !== "undefined"),
    )
    const cells = rows.map(([title, value]) => {
      const [key, text] = [title, value].map((part) => String(part).replaceAll("&", "&amp;").replaceAll("<", "&lt;"))
      return (
        `<tr class="of-${title === "node" || title in known ? "node" : "point"}"><td class="key">${key}</td><td ` +
        `class="value">${text}</td></tr>`
      )
    })
    return `<table><tbody>${cells.join("")}</tbody></table>`
  }

  // On a narrow page the panels stand one below another and shrink to the width of the box. A figure that fits is left
  // alone.
  const specOf = (box: Box): Drawing => {
    const spec = JSON.parse(document.getElementById(`spec-${box.dataset.figure}`).textContent) as Drawing
    for (const { values = [] } of spec.data ?? []) {
      for (const row of values) if (Array.isArray(row.node)) row.node = nodes[row.node[0] as number]!.name
    }
    const room = spec.signals?.find(({ name }) => name === "room")
    if (room?.value === undefined || room.value <= box.clientWidth) return spec
    room.value = box.clientWidth
    if (spec.layout !== undefined) spec.layout.columns = 1
    const panel = Math.max(160, Math.min(520, box.clientWidth - 92))
    if (spec.width !== undefined) spec.width = panel
    for (const size of spec.signals ?? []) {
      if (/width$/i.test(size.name) && size.value !== undefined) size.value = panel
    }
    return spec
  }

  const marksIn = (item: Item): ReadonlyArray<Item> =>
    item.marktype === undefined || item.marktype === "group"
      ? (item.items ?? []).flatMap(marksIn)
      : item.role === "mark"
        ? [item]
        : []
  // The points of a drawing. A drawing without points gives the first point of each line; this point stands for the
  // line.
  const pointsIn = (view: View): ReadonlyArray<Item> => {
    const marks = marksIn(view.scenegraph().root)
    const symbols = marks.flatMap(({ marktype, items = [] }) => (marktype === "symbol" ? items : []))
    return (symbols.length > 0 ? symbols : marks.flatMap(({ items = [] }) => items.slice(0, 1))).filter(
      ({ tooltip }) => tooltip !== undefined,
    )
  }

  const views = new Map<Box, View>()
  const here = new Map<Box, Item>()
  const tell = (box: Box, point: Item | null | undefined): void => {
    if (point?.tooltip === undefined) return
    here.get(box)?._svg?.classList.toggle("here", false)
    here.set(box, point)
    point._svg?.classList.toggle("here", true)
    box.querySelector(".told").innerHTML = behind(point.tooltip)
  }
  const move = (box: Box, step: 1 | -1): void => {
    const view = views.get(box)
    const points = view === undefined ? [] : pointsIn(view)
    const place = points.indexOf(here.get(box)!)
    tell(box, points.at(place === -1 && step === -1 ? -1 : (place + step) % points.length))
  }

  const drawInto = async (box: Box): Promise<void> => {
    const drawing = box.querySelector(".drawing")
    const width = box.clientWidth
    try {
      const embedded = await browser.vegaEmbed(drawing, specOf(box), {
        actions: false,
        renderer: "svg",
        ast: true,
        defaultStyle: false,
        tooltip: { disableDefaultStyle: true, formatTooltip: behind },
      })
      views.set(box, embedded.view)
      embedded.view.addEventListener("click", (_, point) => tell(box, point))
      state.drawn = String(Number(state.drawn ?? 0) + 1)
      const again = (): void => {
        if (Math.abs(box.clientWidth - width) < 24) return
        browser.removeEventListener("resize", again)
        embedded.finalize()
        void drawInto(box)
      }
      browser.addEventListener("resize", again)
    } catch (reason) {
      state.failed = String(reason)
      browser.console.error(reason)
    }
  }

  // The figure nearest to the top of the window is drawn first. The pause between two figures lets the browser handle
  // scrolls and clicks.
  const drawAll = async (): Promise<void> => {
    const waiting = new Set(document.querySelectorAll("[data-figure]"))
    while (waiting.size > 0) {
      const box = Array.from(waiting, (box) => ({ box, away: Math.abs(box.getBoundingClientRect().top) })).reduce(
        (near, next) => (next.away < near.away ? next : near),
      ).box
      waiting.delete(box)
      await drawInto(box)
      box.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return
        event.preventDefault()
        move(box, event.key === "ArrowRight" ? 1 : -1)
      })
      await new Promise<void>((resolve) => browser.setTimeout(resolve))
    }
  }
  void drawAll()
}
