// Runs the body of a stage as a worker would, without its log: what it gives, or the StageError it fails with.
import { Effect, Logger } from "effect"
import { Progress, type StageError } from "../../pipeline/stage.ts"

const silent = Logger.layer([])

/** The outputs; progress goes to `onProgress`. */
export const perform = <A>(
  body: Effect.Effect<A, StageError>,
  onProgress: (fraction: number) => void = () => {},
): Promise<A> => Effect.runPromise(body.pipe(Effect.provideService(Progress, onProgress), Effect.provide(silent)))

/** The failure; rejects when there is none. */
export const failure = (body: Effect.Effect<unknown, StageError>): Promise<StageError> =>
  Effect.runPromise(Effect.flip(body).pipe(Effect.provide(silent)))
