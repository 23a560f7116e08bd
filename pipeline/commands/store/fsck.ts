// `pipeline fsck`: checks whether everything in the store is unchanged since it was written. Knows nothing about specs
// and stages.
import { Console, Effect } from "effect"
import { fsck } from "../../../cache/fsck.ts"
import { clearDead, holdersIn } from "../../../cache/live.ts"
import { exitCode, type ExitCode } from "../../error.ts"
import { busy, examining, fault, findings } from "../../store/message.ts"

/** The time between two progress lines, in milliseconds; a small store is checked without any line. */
const tellEvery = 2000

export const fsckCommand = Effect.fn("fsckCommand")(function* (options: {
  readonly store: string
  readonly json: boolean
}) {
  const holders = yield* holdersIn(options.store)
  if (holders.length > 0) {
    yield* Console.error(busy(holders))
    return exitCode.busy as ExitCode
  }
  yield* clearDead(options.store)
  let told = performance.now()
  const found = yield* fsck(options.store, (done, all) => {
    if (performance.now() - told < tellEvery) return
    told = performance.now()
    process.stderr.write(`${examining(done, all)}\n`)
  })
  if (options.json) {
    const { faults, ...counts } = found
    for (const each of faults) yield* Console.log(JSON.stringify({ v: 1, ...each }))
    yield* Console.log(JSON.stringify({ v: 1, _tag: "Examined", faults: faults.length, ...counts }))
  } else {
    for (const each of found.faults) yield* Console.log(fault(each))
    yield* Console.log(findings(found))
  }
  return found.faults.length === 0 ? exitCode.done : exitCode.verdictDiffers
})
