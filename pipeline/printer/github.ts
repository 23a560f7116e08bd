// Events -> plain lines, and for each error also a note on GitHub's pages. Knows nothing about the wording.
import { annotation } from "./annotation.ts"
import type { Event } from "../event.ts"
import { plainPrinter, type Printer } from "./printer.ts"
import { line } from "./message.ts"

export const githubPrinter = (write: (text: string) => void): Printer => {
  const { listen, close } = plainPrinter(write)
  return {
    listen: (event) => {
      listen(event)
      if (isWrong(event)) write(`${annotation("error", line(event)!)}\n`)
      if (event._tag === "ResultReplaced") write(`${annotation("warning", line(event)!)}\n`)
    },
    close,
  }
}

const isWrong = (event: Event): boolean => {
  switch (event._tag) {
    case "NodeFailed":
      return true
    case "NodeVerified":
      return event.differs.length > 0
    case "CheckJudged":
      return !event.judged.asDeclared
    default:
      return false
  }
}
