// What was measured as a table that people read. Knows nothing about how it came about.
import type { Bench, Entry } from "./bench.ts"
import { markdown } from "./markdown.ts"

const time = (seconds: number): string =>
  seconds >= 1 ? `${seconds.toPrecision(3)} s` : `${(1000 * seconds).toPrecision(3)} ms`
const memory = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
const told = <A>(value: A | null, text: (value: A) => string): string => (value === null ? "–" : text(value))

const columns: ReadonlyArray<readonly [title: string, cell: (entry: Entry) => string]> = [
  ["work", ({ work }) => work],
  ["ours", ({ ours }) => time(ours)],
  ["peer", ({ peer }) => told(peer, time)],
  ["ratio", ({ ratio }) => told(ratio, (x) => `${x.toPrecision(3)}x`)],
  ["target", ({ target, peer, ratio }) => (peer === null && ratio !== null ? time(target) : `${target}x`)],
  ["reached", ({ reached }) => told(reached, (x) => (x ? "yes" : "no"))],
  ["RSS ours", ({ bytes }) => memory(bytes)],
  ["RSS peer", ({ peerBytes }) => told(peerBytes, memory)],
  ["ratio", ({ bytes, peerBytes }) => told(peerBytes, (x) => `${(bytes / x).toFixed(2)}x`)],
  ["of peak", ({ ofPeak }) => told(ofPeak, (x) => `${(100 * x).toPrecision(2)} %`)],
]

export const tableOf = (entries: ReadonlyArray<Entry>): string =>
  markdown([columns.map(([title]) => title), ...entries.map((entry) => columns.map(([, cell]) => cell(entry)))])

export const captionOf = ({ machine, versions, date, rounds, peak, peersOf }: Bench): string =>
  [
    `${date}, ${machine}; ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}; one thread each.`,
    ...(peersOf === null ? [] : [`No PyTorch here: the peer's figures are those of ${peersOf}.`]),
    `Ours and the peer take turns, ${rounds} ${rounds === 1 ? "time" : "times"}, each time in processes of ` +
      "their own that repeat the work; a time is the least of all repeats, and a ratio is of two such times: the " +
      "peer's over ours.",
    "RSS is the most memory such a process ever had resident.",
    `The float32 GEMM peak is the faster of both on a product of 1536 x 1536: ${(peak / 1e9).toPrecision(3)} ` +
      "GFLOP/s. A row's part of it counts the products of the plain algorithm, forward and backward, whatever is " +
      "computed instead.",
  ].join("\n")
