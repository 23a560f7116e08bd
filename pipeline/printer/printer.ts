// Events -> output: lines above a live picture in a terminal, plain lines elsewhere, or one JSON object per line. Knows
// nothing about the wording: `printer/message.ts` has the words.
import type { Event } from "../event.ts"
import { printable } from "../text/printable.ts"
import { failure } from "../text/failure.ts"
import { line } from "./message.ts"

export interface Printer {
  readonly listen: (event: Event) => void
  /** Stops drawing and leaves the terminal clean. */
  readonly close: () => void
}

/** One JSON object per line, with the version of the format (`v`). */
export const jsonPrinter = (write: (text: string) => void): Printer => ({
  listen: (event) => write(`${printable(JSON.stringify({ v: 1, ...plain(event) }))}\n`),
  close: () => {},
})

// A check refers to the whole graph through its output, and a Map has no JSON form.
const plain = (event: Event): object => {
  switch (event._tag) {
    case "RunStarted":
      return { ...event, expectedSeconds: Object.fromEntries(event.expectedSeconds) }
    case "CheckJudged": {
      const { check, expect, ...judged } = event.judged
      return {
        _tag: event._tag,
        check: check.id,
        claim: check.claim,
        expected: expect.text,
        fails: (check.differs ?? expect).fails,
        ...judged,
      }
    }
    case "NodeFailed":
      return { ...event, error: event.error._tag, reason: event.error.reason, message: failure(event.error) }
    default:
      return event
  }
}

export const plainPrinter = (write: (text: string) => void): Printer => ({
  listen: (event) => {
    const text = line(event)
    if (text !== undefined) write(`${printable(text)}\n`)
  },
  close: () => {},
})
