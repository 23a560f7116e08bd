// What a stage finds where it asks Effect for time, chance and variables. Its log goes to the node's.
import { Clock, ConfigProvider, Context, Effect, Logger, Random, Scheduler, Tracer } from "effect"
import { WorldError } from "./closed.ts"
import type { Work } from "./deferred.ts"

/** The services of a node: the clock and chance refuse, of variables there are those that it declared. */
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
    // Of its own: a shared one would begin what this node does in the name of another, and after its end.
    Context.add(Scheduler.Scheduler, new Scheduler.MixedScheduler("async", (then) => work.later(then))),
  )
}

// Spans are numbered: by default they have names of chance.
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
  // Log lines and spans ask for these; they get no time, and the stage learns nothing.
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
