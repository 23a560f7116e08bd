// `pipeline watch SPEC`: runs the spec, shows the page, and runs again when a file of the spec changes. Never loads the
// spec itself: it looks only at the text of the code and at the files.
import { relative, resolve } from "node:path"
import { Console, Deferred, Effect, Fiber } from "effect"
import { dataOf, runAgain, type Flags } from "./again.ts"
import { closure } from "../../code/closure.ts"
import { exitCode, type ExitCode } from "../../error.ts"
import { line, type WatchEvent } from "./message.ts"
import { pageOf } from "../../page/publish.ts"
import { serve } from "./serve.ts"
import { Watched, type Change } from "./changes.ts"
import { narrows, type Choice } from "../choose.ts"

export interface WatchOptions {
  readonly spec: string
  /** All flags of `run`. */
  readonly flags: Flags &
    Choice & { readonly set: { readonly [name: string]: string }; readonly out: string; readonly json: boolean }
  readonly port: number
  /** Receives a function that ends `watch`. The first Ctrl-C calls this function. */
  readonly onDrain: (drain: () => void) => void
}

/**
 * Repeats until Ctrl-C:
 * 1. finds the files of the spec;
 * 2. runs the spec. A change during the run lets running nodes finish: their results are usually still wanted, and are
 *    kept in any case;
 * 3. waits for a change.
 */
export const watchCommand = Effect.fn("watchCommand")(function* ({ spec, flags, port, onDrain }: WatchOptions) {
  const ended = Deferred.makeUnsafe<void>()
  onDrain(() => Deferred.doneUnsafe(ended, Effect.void))
  const say = (event: WatchEvent): Effect.Effect<void> =>
    Console.log(flags.json ? JSON.stringify({ v: 1, ...event }) : line(event))
  const page = yield* serve(pageOf(spec, flags.out, narrows(flags)), port)
  yield* say({ _tag: "Serving", url: page.url })
  const watched = new Watched()
  const takeNote = Effect.fnUntraced(function* (change: Change) {
    watched.take(change)
    if (change.size > 0)
      yield* say({ _tag: "Changed", files: [...change.keys()].map((file) => relative(process.cwd(), file)) })
  })
  let data: ReadonlyArray<string> = []
  for (;;) {
    const code = closure(resolve(spec)) // 1
    const follow = (): void => watched.follow(new Set([...code, ...data]))
    follow()
    const finding = yield* Effect.forkChild(
      Effect.map(dataOf(spec, { set: flags.set }), (found) => {
        data = found ?? data
        follow()
      }),
    )
    const drained = yield* Effect.scoped(runUnlessChanged(spec, flags, watched.change, takeNote)) // 2
    yield* Fiber.join(finding)
    yield* page.tell
    if (!drained && !Deferred.isDoneUnsafe(ended)) {
      yield* say({ _tag: "Waiting", files: code.size + data.length })
      yield* Effect.raceFirst(watched.change, Deferred.await(ended)) // 3
    }
    if (Deferred.isDoneUnsafe(ended)) return exitCode.interrupted as ExitCode
    yield* takeNote(watched.differing())
  }
}, Effect.scoped)

/** Runs the spec. Returns whether a change came before the run was done. */
const runUnlessChanged = Effect.fnUntraced(function* (
  spec: string,
  flags: Flags,
  change: Effect.Effect<Change>,
  takeNote: (change: Change) => Effect.Effect<void>,
) {
  const run = yield* runAgain(spec, flags)
  const early = yield* Effect.raceFirst(Effect.as(run.exit, undefined), change)
  if (early === undefined) return false
  yield* takeNote(early)
  yield* run.drain
  yield* run.exit
  return true
})
