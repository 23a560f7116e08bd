// Events -> what stands on the terminal: lines above a live picture where there is a terminal, plain lines
// elsewhere, or one JSON object a line. Words come from message/.
import type { Event } from "../event.ts"
import { printable } from "../text/printable.ts"
import { failure } from "../text/failure.ts"
import { line } from "./message.ts"

export interface Printer {
  readonly listen: (event: Event) => void
  /** Leaves the terminal as it is. */
  readonly close: () => void
}

/** One JSON object a line, with the version of the form. */
export const jsonPrinter = (write: (text: string) => void): Printer => ({
  listen: (event) => write(`${printable(JSON.stringify({ v: 1, ...plain(event) }))}\n`),
  close: () => {},
})

// A check leads by the output it looks at to the whole graph, and a Map has no JSON.
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
