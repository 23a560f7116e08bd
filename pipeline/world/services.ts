// Gives the services that a stage finds if it asks Effect for time, randomness and environment variables. The log of
// the stage goes to the log of the node. Knows nothing about packages.
import { Clock, ConfigProvider, Context, Effect, Logger, Random, Scheduler, Tracer } from "effect"
import { WorldError } from "./closed.ts"
import type { Work } from "./deferred.ts"

/** The services of a node. The clock and randomness refuse. Only the variables that the stage declared exist. */
export const servicesFor = (
  { environment }: { readonly environment: { readonly [name: string]: string | null } },
  lines: Array<string>,
  work: Work,
): Context.Context<never> => {
  const set = ConfigProvider.fromEnv({
    env: Object.fromEntries(
      Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== null),
    ),
  })
  const variables = ConfigProvider.make((path) => {
    const name = path.join("_")
    return Object.hasOwn(environment, name) ? set.load(path) : Effect.die(new WorldError("Environment", "Config", name))
  })
  const logger = Logger.make(({ logLevel, message }) => {
    lines.push(`${logLevel.toUpperCase()} ${[message].flat().map(String).join(" ")}`)
  })
  return fixed.pipe(
    Context.add(ConfigProvider.ConfigProvider, variables),
    Context.add(Logger.CurrentLoggers, new Set([logger])),
    Context.add(Tracer.Tracer, tracer()),
    // Each node has its own scheduler. A shared scheduler would start the work of this node in the name of another
    // node, and after the end of this node.
    Context.add(Scheduler.Scheduler, new Scheduler.MixedScheduler("async", (then) => work.later(then))),
  )
}

// Spans are numbered, because their default ids are random.
class Span extends Tracer.NativeSpan {
  readonly #number: number
  constructor(options: ConstructorParameters<typeof Tracer.NativeSpan>[0], number: number) {
    super(options)
    this.#number = number
  }
  override get spanId(): string {
    return this.#number.toString(16).padStart(16, "0")
  }
  override get traceId(): string {
    return "0".repeat(32)
  }
}
const tracer = (): Tracer.Tracer => {
  let spans = 0
  return Tracer.make({ span: (options) => new Span(options, ++spans) })
}

const refuseTime = Effect.suspend(() => Effect.die(new WorldError("Time", "Clock")))
const clock: Clock.Clock = {
  // Log lines and spans call these functions. They get 0, so the stage learns nothing about the time.
  currentTimeMillisUnsafe: () => 0,
  currentTimeNanosUnsafe: () => 0n,
  currentTimeMillis: refuseTime,
  currentTimeNanos: refuseTime,
  monotonicTimeNanosUnsafe: () => 0n,
  monotonicTimeNanos: refuseTime,
  sleep: () => Effect.die(new WorldError("Time", "Effect.sleep")),
}
const refuseChance = (): never => {
  throw new WorldError("Chance", "Random")
}
const random = { nextIntUnsafe: refuseChance, nextDoubleUnsafe: refuseChance }

const fixed = Context.make(Clock.Clock, clock).pipe(Context.add(Random.Random, random))
