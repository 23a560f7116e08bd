// The whole bench as data: what --json tells and recorded.json keeps.
import type { Measured } from "./measure.ts"
import type { Row } from "./rows.ts"

/** A row, measured; null is what there is not. Times are in seconds. */
export interface Entry {
  readonly work: string
  readonly ours: number
  readonly peer: number | null
  /** The peer's time over ours; without a peer, the target over ours. */
  readonly ratio: number | null
  /** Of the ratio; without a peer, of our time. */
  readonly target: number
  readonly reached: boolean | null
  readonly bytes: number
  readonly peerBytes: number | null
  /** The part of the machine's float32 GEMM peak. */
  readonly ofPeak: number | null
  /** Whatever else the processes told: number of steps, the way that was faster, … */
  readonly details: object
}

export interface Bench {
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  readonly date: string
  readonly rounds: number
  /** Multiplications and additions per second of a large float32 product. */
  readonly peak: number
  /** Which bench the peer's figures are from, where they were not measured. */
  readonly peersOf: string | null
  readonly entries: ReadonlyArray<Entry>
}

/** `recorded` stands in for a peer that was not measured. */
export const entryOf = (
  { work, peer: hasPeer, target, flop }: Row,
  { ours, peer }: Measured,
  peak: number,
  recorded: Entry | undefined,
): Entry => {
  const theirs = peer ?? (recorded?.peer == null ? undefined : { seconds: recorded.peer, bytes: recorded.peerBytes! })
  const ratio =
    hasPeer === undefined ? target / ours.seconds : theirs === undefined ? null : theirs.seconds / ours.seconds
  return {
    work,
    ours: ours.seconds,
    peer: theirs?.seconds ?? null,
    ratio,
    target,
    reached: ratio === null ? null : ratio >= (hasPeer === undefined ? 1 : target),
    bytes: ours.bytes,
    peerBytes: theirs?.bytes ?? null,
    ofPeak: flop === undefined ? null : flop / ours.seconds / peak,
    details: { ours, peer },
  }
}
