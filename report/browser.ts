// What the page's script does: draws every figure, narrower where the page is narrow.
// Refuses to reach out of itself: `draw` is written into the page as text, so it may use only what it is handed.

interface Box {
  readonly clientWidth: number
  readonly dataset: { figure?: string }
  querySelector(selector: string): Box
}

/** The part of a browser window the script uses. */
export interface Browser {
  readonly document: {
    readonly documentElement: { readonly dataset: { drawn?: string; failed?: string } }
    querySelectorAll(selector: string): Iterable<Box>
    getElementById(id: string): { readonly textContent: string }
  }
  readonly console: { error(reason: unknown): void }
  addEventListener(event: "resize", listener: () => void): void
  removeEventListener(event: "resize", listener: () => void): void
  vegaEmbed(box: Box, spec: Drawing, options: object): Promise<{ finalize(): void }>
}

interface Drawing {
  width?: number
  signals?: ReadonlyArray<{ readonly name: string; value?: number }>
  layout?: { columns?: number }
}

/** Draws the figures into their boxes, and again when the width of a box changes much. */
export const draw = (browser: Browser): void => {
  const { document } = browser
  const state = document.documentElement.dataset

  // Panels stand one under the other and shrink to the room there is; a figure that fits is left alone.
  const specOf = (box: Box): Drawing => {
    const spec = JSON.parse(document.getElementById(`spec-${box.dataset.figure}`).textContent) as Drawing
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

  const drawInto = async (box: Box): Promise<void> => {
    const drawing = box.querySelector(".drawing")
    const width = box.clientWidth
    try {
      const view = await browser.vegaEmbed(drawing, specOf(box), { actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true } })
      state.drawn = String(Number(state.drawn ?? 0) + 1)
      const again = (): void => {
        if (Math.abs(box.clientWidth - width) < 24) return
        browser.removeEventListener("resize", again)
        view.finalize()
        void drawInto(box)
      }
      browser.addEventListener("resize", again)
    } catch (reason) {
      state.failed = String(reason)
      browser.console.error(reason)
    }
  }

  for (const box of document.querySelectorAll("[data-figure]")) void drawInto(box)
}
