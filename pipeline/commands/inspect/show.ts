// `pipeline show SPEC NODE`: what a node is, its outputs, how they were made, and its log. Knows nothing about the
// content of the outputs.
import { Console, Effect, Option } from "effect"
import type { Digest } from "../../../cache/digest.ts"
import { Store, type CacheError, type CacheRecord } from "../../../cache/store.ts"
import { exitCode, SpecError, type ExitCode } from "../../error.ts"
import { goneOf } from "../../run/keep.ts"
import { itemsLine, acceptedBy, replacedOutputs, notGathered, bytesGone } from "../message.ts"
import { predicted as sentence } from "../../run/message.ts"
import { verbatim } from "../../printer/verbatim.ts"
import { provenanceOf } from "../../run/provenance.ts"
import { findNode, look, type LookOptions } from "../look.ts"
import { bytes, seconds } from "../../text/amount.ts"

export const showCommand = Effect.fn("showCommand")(function* (
  options: LookOptions & { readonly node: string; readonly code: boolean },
) {
  const { loaded, predicted, context, failures } = yield* look(options)
  const { node, predicted: what } = yield* findNode(loaded.plan, predicted, options.node)
  const key = (what._tag === "Blocked" ? undefined : what.key) ?? context.lastKey(node.name)
  const store = yield* Store
  const record = key === undefined ? Option.none() : yield* store.record(key)
  if (options.code) {
    yield* verbatim(yield* codeText(node.name, Option.getOrUndefined(record)))
    return exitCode.done as ExitCode
  }
  yield* Console.log(`${node.name}  ${sentence(what)}`)
  yield* Console.log(`params      ${JSON.stringify(node.params)}`)
  for (const [name, input] of Object.entries(node.inputs)) {
    yield* Console.log(
      `input       ${name} <- ${[input]
        .flat()
        .map((output) => `${output.node.name}:${output.name}`)
        .join(", ")}`,
    )
  }
  const failed = failures.get(node.name)
  if (what._tag !== "Hit" && failed !== undefined)
    yield* Console.log(
      `It failed the last time: ${failed.message}\n${failed.log === null ? "" : yield* logText(failed.log)}`,
    )
  if (key === undefined || Option.isNone(record)) {
    yield* Console.log(
      what._tag === "Hit" ? `${notGathered}\n${itemsLine(node, what.outputs)}` : "It has not been made yet.",
    )
    return exitCode.done as ExitCode
  }
  if (what._tag !== "Hit") yield* Console.log("These results were made before the last change:")
  yield* Console.log(`key         ${key}`)
  const gone = new Set(yield* goneOf(record.value.outputs))
  for (const output of record.value.outputs) {
    const { name, digest, size } = output
    yield* Console.log(`output      ${name}  ${digest}  ${bytes(size)}${gone.has(output) ? `  ${bytesGone}` : ""}`)
  }
  const provenance = yield* provenanceOf(key)
  if (Option.isSome(provenance)) {
    const { seconds: took, peakMemory, host, finished, parts, accepted = [], replaces = [] } = provenance.value
    yield* Console.log(
      `made        ${finished} on ${host}, in ` +
        seconds(took) +
        (node.over === undefined ? `, peak memory of its worker ${bytes(peakMemory)}` : " for all its items together"),
    )
    for (const acceptance of accepted) yield* Console.log(`accepted    ${acceptedBy(acceptance)}`)
    if (replaces.length > 0) yield* Console.log(`replaces    ${replacedOutputs(replaces)}`)
    yield* Console.log(`code        ${parts.code}`)
    if (parts.seed !== null) yield* Console.log(`seed        ${parts.seed}`)
    yield* Console.log(
      `packages    ${Object.entries(parts.packages)
        .map(([name, version]) => `${name}@${version.split(" ")[0]}`)
        .join(", ")}`,
    )
  }
  yield* Console.log(
    node.over === undefined ? yield* logLine(record.value.log.digest) : itemsLine(node, record.value.outputs),
  )
  return exitCode.done as ExitCode
})

/** The code that made a record. */
const codeText = Effect.fnUntraced(function* (
  node: string,
  record: CacheRecord | undefined,
): Effect.fn.Return<string, CacheError | SpecError, Store> {
  const store = yield* Store
  const text = record?.code?.text.digest
  if (text !== undefined && (yield* store.has(text))) return new TextDecoder().decode(yield* store.get(text))
  return yield* new SpecError({
    reason: "InputMissing",
    message:
      record === undefined
        ? `${node} has not been made yet, so no code has run for it.`
        : `The code that made ${node} is not kept.`,
  })
})

const logLine = (digest: Digest) =>
  Effect.map(logText(digest), (log) => (log === "" ? "log         (empty)" : `log\n${log}`))

const logText = Effect.fnUntraced(function* (digest: Digest) {
  const store = yield* Store
  return (yield* store.has(digest)) ? new TextDecoder().decode(yield* store.get(digest)).trimEnd() : "(its log is gone)"
})
