// Who counts as dead: only a process of the same boot, host and namespaces is asked by its pid, all others are told
// alive by their heartbeat. By a table first, then between real namespaces, as two containers have them.
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { chmodSync, readFileSync, statSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { diskLayer } from "../../cache/disk.ts"
import { decodeHolder, encodeHolder, isDead, silence, thisProcess, type Holder } from "../../cache/holder.ts"
import { scratch } from "./contract.ts"
import { child } from "./process.ts"
import { keyOf } from "./sample.ts"

const token = "0b7e4f4c-2a53-4a0e-9f5c-0d8b1a6c1e11"
const own = thisProcess(token)
const nobodys = 2 ** 22 + 1 // above all pids of Linux
const { namespaces: _, ...unknowing } = own

/** A holder, and whether it is dead when it was heard of just now, and after more than the silence. */
const cases: ReadonlyArray<readonly [sentence: string, holder: Holder, now: boolean, later: boolean]> = [
  ["this very process lives, however long it was silent", own, false, false],
  ["a pid that is nobody's is dead at once", { ...own, pid: nobodys }, true, true],
  ["a pid that was used again is dead at once", { ...own, startTime: "1" }, true, true],
  ["a pid of another host is told by its silence", { ...own, host: "elsewhere", pid: nobodys }, false, true],
  ["a pid of another boot is told by its silence", { ...own, bootId: "another boot", pid: nobodys }, false, true],
  [
    "a pid of another namespace is told by its silence",
    { ...own, namespaces: "pid:[1] time:[1]", pid: nobodys },
    false,
    true,
  ],
  [
    "a start time of another time namespace is told by its silence",
    { ...own, namespaces: `${own.namespaces}0`, startTime: "1" },
    false,
    true,
  ],
  ["a pid of a system that names no namespace is told by its silence", { ...unknowing, pid: nobodys }, false, true],
  ["a pid of a system that names no boot is told by its silence", { ...own, bootId: "", pid: nobodys }, false, true],
  [
    "our own pid in another namespace is dead once it is silent",
    { ...own, namespaces: "pid:[1] time:[1]" },
    false,
    true,
  ],
  ["a lease of an older version is told by its silence", { ...unknowing, host: own.host }, false, true],
]

describe.skipIf(process.platform !== "linux")("isDead", () => {
  for (const [sentence, holder, now, later] of cases) {
    it(sentence, () => {
      const dead = [0, silence, silence + 1].map((silent) => isDead(holder, silent))
      assert.deepStrictEqual(dead, [now, now, later])
    })
  }

  it("tells a process from its corpse", async () => {
    // `exec` leaves the shell's child to a parent that never asks for it.
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] })
    const said = await new Promise<Buffer>((heard) => {
      parent.stdout.once("data", heard)
    })
    const pid = Number(said.toString())
    const startTime = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[21]!
    const sleeper = { ...own, pid, startTime }
    assert.isFalse(isDead(sleeper, 0))
    while (!readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) {
      await new Promise((waited) => {
        setTimeout(waited, 20)
      })
    }
    assert.isTrue(isDead(sleeper, 0))
    parent.kill("SIGKILL")
  })

  it("is asked of what was written", () => {
    const read = decodeHolder(encodeHolder(own))
    assert.isTrue(read._tag === "Some" && !isDead(read.value, silence + 1))
    assert.match(own.namespaces!, /^pid:\[\d+\] time:\[\d+\]$/)
  })
})

const unshared = ["unshare", "--pid", "--fork", "--kill-child"]
const container = [...unshared, "--mount-proc"]
const anotherTime = ["unshare", "--time", "--boottime", "1000", "--fork", "--kill-child"]
const outside: ReadonlyArray<string> = []
const hidden = ["unshare", "--mount", "sh", "-c", 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', "sh"]
const nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
/** As another user, to whom /proc shows none of our processes, and who may write where we do. */
const stranger = [...hidden, ...nobody, "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]

/** A command that waits in a namespace of its own until the scope closes, and what enters it. */
const entered = (made: ReadonlyArray<string>, ...kinds: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const [command, ...words] = [...made, "sh", "-c", "echo ready; exec sleep 1000"]
    const keeper = yield* Effect.acquireRelease(
      Effect.sync(() => spawn(command!, words, { stdio: ["ignore", "pipe", "ignore"] })),
      (started) => Effect.sync(() => started.kill("SIGKILL")),
    )
    yield* Effect.callback<void>((resume) => {
      keeper.stdout.once("data", () => resume(Effect.void))
    })
    const first = readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, "utf8").trim()
    return ["nsenter", "--target", first, "--pid", ...kinds]
  })

const both = (by: ReadonlyArray<string>, other = by) => Effect.succeed([by, other] as const)
/** Both namespaces live until the end: Linux gives the number of one that ended to the next one. */
const apart = (made: ReadonlyArray<string>, ...kinds: ReadonlyArray<string>) =>
  Effect.all([entered(made, ...kinds), entered(made, ...kinds)] as const)
const together = (made: ReadonlyArray<string>, ...kinds: ReadonlyArray<string>) =>
  Effect.map(entered(made, ...kinds), (by) => [by, by] as const)

const can = ([command, ...words]: ReadonlyArray<string>): boolean =>
  spawnSync(command!, [...words, "true"], { stdio: "ignore" }).status === 0

/** What another process answers that claims the key. */
const answer = (directory: string, by: ReadonlyArray<string>) =>
  Effect.scoped(Effect.flatMap(child("claim", directory, by), ({ said }) => said))

/** Lets the last heartbeat of the lease have been long ago. */
const age = (directory: string): void => {
  const lease = join(directory, "claims", keyOf("contested"))
  const then = statSync(lease).mtimeMs / 1000 - 65
  utimesSync(lease, then, then)
}

/** By which commands the holder and the taker are started, and when the holder, once killed, counts as dead. */
const pairs = [
  ["both outside of a container", both(outside), "at once"],
  ["the holder in a container, the taker outside", both(container, outside), "once silent"],
  ["the holder outside, the taker in a container", both(outside, container), "once silent"],
  ["each in a container of its own", apart(container, "--mount"), "once silent"],
  ["both in one container", together(container, "--mount"), "at once"],
  ["both in one namespace that sees the /proc of another", together(unshared), "once silent"],
  ["the holder sees the /proc of another namespace, the taker its own", both(unshared, container), "once silent"],
  ["the holder in another time, the taker in ours", both(anotherTime, outside), "once silent"],
  ["the holder in our time, the taker in another", both(outside, anotherTime), "once silent"],
  ["the holder hidden from the taker, another user", both(outside, stranger), "at once"],
] as const

const areSeparable = process.platform === "linux" && [container, anotherTime, stranger].every(can)

describe.skipIf(!areSeparable)("a claim between namespaces (which takes root)", () => {
  for (const [sentence, commands, dead] of pairs) {
    it.live(
      `is never taken from the living: ${sentence}`,
      () =>
        Effect.gen(function* () {
          const directory = yield* scratch
          yield* Layer.build(diskLayer(directory))
          for (const each of ["", "blobs", "claims"]) chmodSync(join(directory, each), 0o777) // another user's, too
          const [holderBy, takerBy] = yield* commands
          const holder = yield* child("claim", directory, holderBy)
          assert.strictEqual(yield* holder.said, "true")
          assert.strictEqual(yield* answer(directory, takerBy), "false")
          assert.strictEqual(yield* answer(directory, takerBy), "false")
          yield* holder.kill
          if (dead === "once silent") {
            assert.strictEqual(yield* answer(directory, takerBy), "false")
            age(directory)
          }
          assert.strictEqual(yield* answer(directory, takerBy), "true")
        }),
      30_000,
    )
  }
})
