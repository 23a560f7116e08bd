// Tells who holds a lease, and whether that process is alive. A pid alone is not enough: the system uses pids again,
// and each container counts its own. Therefore the pid is used only for a process of the same boot and the same
// namespaces. Any other process is judged by its heartbeat. Knows nothing about keys, nor of where a lease is kept.
import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import { Option, Schema } from "effect"
import { systemCode } from "./system-error.ts"

/** One process and one of its claims. */
export const Holder = Schema.Struct({
  pid: Schema.Int,
  bootId: Schema.String,
  /** The namespaces in which pid and start time are valid; absent where the system does not tell. */
  namespaces: Schema.optionalKey(Schema.String),
  startTime: Schema.String,
  host: Schema.String,
  /** New for every claim. Safe in a file name. */
  token: Schema.String.check(Schema.isPattern(/^[0-9a-f-]{36}$/)),
})
export type Holder = typeof Holder.Type

const HolderText = Schema.fromJsonString(Holder)

/** This process as a holder. */
export const thisProcess = (token: string): Holder => ({ ...here(), token })

const here = (): Omit<Holder, "token"> => {
  const { pid } = process
  self ??= { pid, bootId: bootId(), ...namespaces(), startTime: seenAt(pid)?.startTime ?? "", host: hostname() }
  return self
}
let self: Omit<Holder, "token"> | undefined

export const encodeHolder: (holder: Holder) => string = Schema.encodeSync(HolderText)
export const decodeHolder: (text: string) => Option.Option<Holder> = Schema.decodeUnknownOption(HolderText)

/** Milliseconds of silence after which a holder counts as dead, if its pid cannot be used. */
export const silence = 60_000

/** Whether a holder is dead, given the milliseconds since its last heartbeat. */
export const isDead = (holder: Holder, silent: number): boolean => {
  const runs = canBeAsked(holder) ? isRunning(holder) : undefined
  return runs === undefined ? silent > silence : !runs
}

/**
 * Whether a holder's pid means the same process here. A different boot id does not prove that the holder is dead: two
 * machines may share a host name, such as localhost.
 */
const canBeAsked = ({ host, bootId, namespaces }: Holder): boolean => {
  const own = here()
  if (namespaces === undefined || bootId === "") return false
  return namespaces === own.namespaces && bootId === own.bootId && host === own.host
}

/** Whether a process of our own namespaces is running; undefined where the system does not say. */
const isRunning = ({ pid, startTime }: Holder): boolean | undefined => {
  const seen = seenAt(pid)
  if (seen !== undefined) return seen.startTime === startTime && !seen.isCorpse
  // /proc may hide the processes of other users. A signal only tells whether a process with this pid exists.
  return isThere(pid) ? undefined : false
}

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    // EPERM: we may not signal the process, so it exists.
    return systemCode(cause) === "EPERM"
  }
}

const bootId = (): string => read("/proc/sys/kernel/random/boot_id")?.trim() ?? ""

// A pid belongs to the pid namespace, a start time to the time namespace. If /proc was mounted for another pid
// namespace, it shows other pids, and `NSpid` lists several pids for our process.
const namespaces = (): Pick<Holder, "namespaces"> => {
  const pids = /^NSpid:\s*(.*)$/m.exec(read("/proc/self/status") ?? "")?.[1]
  const pid = readLink("/proc/self/ns/pid")
  if (pids !== String(process.pid) || pid === undefined) return {}
  return { namespaces: `${pid} ${readLink("/proc/self/ns/time") ?? ""}` }
}

/**
 * When a process began, in ticks since boot, and whether it is already dead (a zombie); undefined if it is not visible.
 */
const seenAt = (pid: number): { readonly startTime: string; readonly isCorpse: boolean } | undefined => {
  // The name of the command, in parentheses, may hold spaces and parentheses. Therefore fields are counted after it.
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\)\s/s, "")
    .split(" ")
  return fields && { startTime: fields[19]!, isCorpse: fields[0] === "Z" || fields[0] === "X" }
}

const read = (path: string): string | undefined => quietly(() => readFileSync(path, "utf8"))
const readLink = (path: string): string | undefined => quietly(() => readlinkSync(path))

const quietly = <A>(ask: () => A): A | undefined => {
  try {
    return ask()
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
    return undefined
  }
}
