// The border between arrays and stages. `attempt` turns a promise of numbers into an Effect. A TensorError becomes the
// stage's own failure (StageError); anything else that is thrown is a bug and stays a defect. Knows nothing about what
// is computed.
import { Effect } from "effect"
import { StageError } from "../pipeline/stage.ts"
import { TensorError } from "./tensor/error.ts"

export const attempt = <A>(compute: () => Promise<A>): Effect.Effect<A, StageError> =>
  Effect.tryPromise({ try: compute, catch: (cause) => cause }).pipe(
    Effect.catch((cause) => {
      if (cause instanceof StageError) return Effect.fail(cause)
      if (cause instanceof TensorError)
        return Effect.fail(new StageError({ reason: "Unsupported", message: cause.message }))
      return Effect.die(cause)
    }),
  )
