// The line for each event. Functions from data to text. Knows nothing about terminals.
import type { Event } from "../event.ts"
import { reason } from "../key/message.ts"
import { kept } from "../page/message.ts"
import { summary } from "../run/message.ts"
import { verdict } from "../run/verdict-message.ts"
import { seconds } from "../text/amount.ts"
import { failure } from "../text/failure.ts"
import { unverifiable, verified, verifySummary } from "../verify/message.ts"

const resultReplaced = (node: string, outputs: ReadonlyArray<string>): string =>
  `replaced ${node}: ${outputs.join(", ")} came out with other bytes than the lost ones. ` +
  "The new result replaces the old result, and all results made from the old one are made again. " +
  `To see whether the stage always gives the same bytes: pipeline verify SPEC --only ${node}`

/** The line for an event; undefined if the event has no line. */
export const line = (event: Event): string | undefined => {
  switch (event._tag) {
    case "NodeStarted":
      return `start   ${event.node} (${reason(event.reason)})`
    case "NodeWaiting":
      return `wait    ${event.node}: another run is computing it`
    case "NodeRetried":
      return `retry   ${event.node} in ${seconds(event.delay)} (${event.attempt} of ${event.of}): ${event.because}`
    case "NodeDone":
      return event.outcome === "hit"
        ? undefined
        : `${event.outcome === "run" ? "done   " : "joined "} ${event.node} (${seconds(event.seconds)})`
    case "NodeFailed":
      return `failed  ${event.node}: ${failure(event.error)}`
    case "NodeSkipped":
      return `skipped ${event.node}: ${event.because === null ? "the run was interrupted" : `needs ${event.because}`}`
    case "InputLost":
      return `lost    ${event.digest.slice(0, 12)} of ${event.producer}, which ${event.node} needs: it is made again`
    case "ResultDiffers":
      return (
        `differs ${event.node}: ${event.outputs.join(", ")} came out with other bytes than the first time. The ` +
        "first result stays."
      )
    case "ResultReplaced":
      return resultReplaced(event.node, event.outputs)
    case "NodeReopened":
      return `again   ${event.node}: ${event.because} gave something else than before`
    case "NodeVerified":
      return verified(event.node, event.differs, event.seconds)
    case "NodeUnverifiable":
      return unverifiable(event.node, event.gone)
    case "VerifyDone":
      return verifySummary(event.counts, event.seconds)
    case "Draining":
      return "Interrupted: running nodes finish, and no new node starts. Interrupt again to stop at once."
    case "CheckJudged":
      return verdict(event.judged)
    case "PageWritten":
      return (
        "page    " +
        `${event.path}${event.changed ? "" : " (unchanged)"}${event.kept === undefined ? "" : `\n${kept(event.kept)}`}`
      )
    case "PageKept":
      return `page    ${event.path} was not drawn: ${event.because}`
    case "RunStarted":
    case "NodeProgress":
      return undefined
    case "RunDone":
      return summary(event.counts, event.checks, event.seconds, event.leftOut)
  }
}
