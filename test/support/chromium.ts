// The browser the page is looked at with: Debian's Chromium, driven without a network.
// Refuses to fetch one: where there is none, tests say so and are skipped.
import { existsSync } from "node:fs"
import { chromium, type Browser } from "playwright-core"

const PATH = "/usr/bin/chromium"

/** False where there is no browser: `test.skipIf(!hasChromium)`. */
export const hasChromium = existsSync(PATH)
if (!hasChromium) process.stdout.write(`no Chromium at ${PATH}: tests of the drawn page are skipped\n`)

/** Starts the browser; the caller closes it. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: PATH,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
