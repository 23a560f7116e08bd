// Every function leads to the one that makes functions of text, and every date to the one that tells the time. A stage
// that takes this way is refused; packages go it as ever. Done once in a process, before anything else is loaded.
import { WorldError } from "./closed.ts"
import { isStageFrame } from "./stack.ts"

/** Whether the code that called a guarded function is a stage's. */
const byStage = (): boolean => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 4
  const frames = (new Error("where").stack ?? "").split("\n").filter((line) => line.startsWith("    at "))
  Error.stackTraceLimit = limit
  const caller = frames.find((line) => !line.includes("/world/guard."))
  return caller !== undefined && isStageFrame(caller)
}

type Maker = new (...given: ReadonlyArray<unknown>) => object

const guarded = (
  maker: Maker,
  refuse: (given: ReadonlyArray<unknown>) => WorldError | undefined,
  members: { readonly [name: string]: WorldError },
): Maker =>
  new Proxy(maker, {
    apply: (target, self, given) => {
      check(refuse(given))
      return Reflect.apply(target as unknown as (...given: ReadonlyArray<unknown>) => unknown, self, given) as unknown
    },
    construct: (target, given, self) => {
      check(refuse(given))
      return Reflect.construct(target, given, self) as object
    },
    get: (target, name) => {
      if (typeof name === "string" && Object.hasOwn(members, name)) check(members[name])
      return Reflect.get(target, name) as unknown
    },
  })

const check = (refusal: WorldError | undefined): void => {
  if (refusal !== undefined && byStage()) throw new WorldError(refusal.kind, refusal.what)
}

const text = new WorldError("Text", "Function")
const functions: ReadonlyArray<object> = [() => {}, async () => {}, function* () {}, async function* () {}]

/** Guards the ways from what a stage has to what is closed to it. */
export const guard = (): void => {
  for (const each of functions) {
    const prototype = Object.getPrototypeOf(each) as { readonly constructor: Maker }
    put(
      prototype,
      guarded(prototype.constructor, () => text, {}),
    )
  }
  const now = new WorldError("Time", "Date.now")
  // Packages ask whether a thing's constructor is this one.
  globalThis.Function = Function.prototype.constructor as FunctionConstructor
  put(
    Date.prototype,
    guarded(Date as unknown as Maker, (given) => (given.length === 0 ? now : undefined), { now }),
  )
}

const put = (prototype: object, constructor: Maker): void => {
  Object.defineProperty(prototype, "constructor", {
    value: constructor,
    writable: true,
    configurable: true,
    enumerable: false,
  })
}
