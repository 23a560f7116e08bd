// Who holds a lease, and is that process still alive? A pid alone lies: pids are used again, and say nothing
// about another host. Knows nothing of keys, nor of where a lease is kept.
import { readFileSync } from "node:fs"
import { hostname } from "node:os"
import { Option, Schema } from "effect"
import { systemCode } from "./border.ts"

/** One process at one claim. */
export const Holder = Schema.Struct({
  pid: Schema.Int,
  bootId: Schema.String,
  startTime: Schema.String,
  host: Schema.String,
  /** New at every claim; safe in a file name. */
  token: Schema.String.check(Schema.isPattern(/^[0-9a-f-]{36}$/)),
})
export type Holder = typeof Holder.Type

const HolderText = Schema.fromJsonString(Holder)

/** This process as a holder. */
export const thisProcess = (token: string): Holder => {
  self ??= { pid: process.pid, bootId: bootId(), startTime: startTimeOf(process.pid) ?? "", host: hostname() }
  return { ...self, token }
}
let self: Omit<Holder, "token"> | undefined

export const encodeHolder: (holder: Holder) => string = Schema.encodeSync(HolderText)
export const decodeHolder: (text: string) => Option.Option<Holder> = Schema.decodeUnknownOption(HolderText)

/** Silence after which a holder counts as dead who cannot be asked: ours are asked directly. */
export const silence = 60_000

/** Whether a holder is dead, given the milliseconds since its last heartbeat. */
export const isDead = (holder: Holder, silent: number): boolean => {
  if (holder.host !== hostname()) return silent > silence
  return holder.bootId !== bootId() || !isRunning(holder)
}

const isRunning = (holder: Holder): boolean => {
  if (process.platform === "linux") return startTimeOf(holder.pid) === holder.startTime
  try {
    return process.kill(holder.pid, 0)
  } catch (cause) {
    // Not ours to signal, hence alive.
    return systemCode(cause) === "EPERM"
  }
}

// Without /proc every boot looks the same, and a pid decides alone.
const bootId = (): string => read("/proc/sys/kernel/random/boot_id")?.trim() ?? ""

/** When a process began, in ticks since boot; undefined if there is none, or only its corpse. */
const startTimeOf = (pid: number): string | undefined => {
  // The command's name, in parentheses, may hold spaces and parentheses: fields are counted after its end.
  const fields = read(`/proc/${pid}/stat`)?.replace(/^.*\)\s/s, "").split(" ")
  return fields === undefined || fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19]
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
    return undefined
  }
}
