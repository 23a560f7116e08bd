// What another process does to a store or a journal: `node child.ts <task> <directory>`. It says on its output
// when it has begun, and goes on until it is killed.
import { Effect, Option, Schedule } from "effect"
import { diskLayer } from "../../cache/disk.ts"
import { diskJournal } from "../../cache/journal-disk.ts"
import { Journal } from "../../cache/journal.ts"
import { Store } from "../../cache/store.ts"
import { bytesOf, keyOf, recordOf } from "./sample.ts"

const [task, directory] = process.argv.slice(2) as [string, string]
const say = (word: string) => Effect.sync(() => process.stdout.write(`${word}\n`))

const tasks: Readonly<Record<string, Effect.Effect<unknown, unknown>>> = {
  /** Claims a key, says whether it has it, and keeps it. */
  claim: Effect.gen(function* () {
    yield* say(String(yield* (yield* Store).claim(keyOf("contested"))))
    yield* Effect.never
  }).pipe(Effect.scoped, Effect.provide(diskLayer(directory))),

  /** Makes record after record that is not there yet, under its lease, and says of each that it is done. */
  write: Effect.gen(function* () {
    const store = yield* Store
    yield* say("begun")
    for (let i = 0; ; i++) {
      const key = keyOf(`${i}`)
      if (Option.isSome(yield* store.record(key))) continue
      const make = Effect.gen(function* () {
        if (!(yield* store.claim(key))) return yield* say(`blocked ${i}`)
        // Long enough for a kill to fall into their writing: one in a blocking call, one beside the other fibers.
        const texts = ["x".repeat((1 << 20) - i), `${i}`, "y".repeat((3 << 20) + i)]
        yield* Effect.forEach([...texts, "log", "provenance"], (text) => store.put(bytesOf(text)))
        yield* store.publish(key, recordOf(texts))
        yield* say(`done ${i}`)
      })
      yield* Effect.scoped(make)
    }
  }).pipe(Effect.provide(diskLayer(directory))),

  /** Stores the same few hundred blobs as everybody else, once. */
  put: Effect.gen(function* () {
    const store = yield* Store
    for (let i = 0; i < 200; i++) yield* store.put(bytesOf(`shared ${i}`.repeat(1 + i)))
    yield* store.put(Buffer.alloc(3 << 20, "shared"))
    yield* say("done")
  }).pipe(Effect.provide(diskLayer(directory))),

  /** Publishes one record as durably as it can. */
  durable: Effect.gen(function* () {
    const store = yield* Store
    const texts = ["small", "x".repeat(2 << 20)]
    yield* Effect.forEach([...texts, "log", "provenance"], (text) => store.put(bytesOf(text)))
    yield* store.publish(keyOf("node"), recordOf(texts))
  }).pipe(Effect.provide(diskLayer(directory, { durable: true }))),

  /** Appends to a journal without end, saying each time what is surely written. */
  journal: Effect.gen(function* () {
    const { append, flush } = yield* (yield* Journal).open("killed")
    for (let i = 0; ; i++) {
      yield* append(`id ${i}`, "x".repeat(i % 100))
      if (i % 50 === 0) yield* flush
      if (i % 50 === 0) yield* say(String(i))
    }
  }).pipe(Effect.scoped, Effect.provide(diskJournal(directory))),

  /** Appends one line and waits without asking for it to be written. */
  appendOnce: Effect.gen(function* () {
    const { append } = yield* (yield* Journal).open("killed")
    yield* append("id", "value")
    yield* Effect.sleep("150 millis")
    yield* say("begun")
    yield* Effect.never
  }).pipe(Effect.scoped, Effect.provide(diskJournal(directory))),
}

// Keeps the process from ending while a fiber waits for ever.
Effect.runFork(Effect.repeat(Effect.void, Schedule.spaced("1 second")))
await Effect.runPromise(tasks[task]!)
process.exit(0)
