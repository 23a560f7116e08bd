// `pipeline export SPEC NODE OUTPUT -o FILE`: writes the bytes of an output unchanged, or converts a table or tensors
// to CSV or JSON. Knows nothing about how outputs are made.
import { extname } from "node:path"
import { Console, Effect } from "effect"
import { Store } from "../../../cache/store.ts"
import { codecs } from "../../artifact/artifact.ts"
import { exitCode, PlanError, type ExitCode } from "../../error.ts"
import { markAsNeeded } from "../../run/keep.ts"
import { oneOfItems, dropped } from "../message.ts"
import type { Kind, Table, Tensors } from "../../stage.ts"
import { findNode, look, type LookOptions } from "../look.ts"
import { write } from "../write.ts"
import { bytes as amount } from "../../text/amount.ts"

export const exportCommand = Effect.fn("exportCommand")(function* (
  options: LookOptions & { readonly node: string; readonly output: string; readonly file: string },
) {
  const { loaded, predicted } = yield* look(options)
  const { node, predicted: what } = yield* findNode(loaded.plan, predicted, options.node)
  // For a node over a list, an output is named with its item: `row/0`.
  const kind = node.stage.outputs[node.over === undefined ? options.output : options.output.replace(/\/\d+$/, "")]
  if (kind === undefined) {
    return yield* new PlanError({
      reason: "UnknownOutput",
      message: `${node.name} has no output ${options.output}; it has ${Object.keys(node.stage.outputs).join(", ")}.`,
    })
  }
  if (what._tag !== "Hit")
    return yield* new PlanError({
      reason: "UnknownOutput",
      message: `${node.name} is not made yet, or not up to date. Run the spec first.`,
    })
  const store = yield* Store
  const stored = what.outputs.find((each) => each.name === options.output)
  if (stored === undefined)
    return yield* new PlanError({
      reason: "UnknownOutput",
      message: oneOfItems(node.name, options.output, what.outputs),
    })
  if (!(yield* store.has(stored.digest))) {
    yield* markAsNeeded([stored])
    return yield* new PlanError({ reason: "UnknownOutput", message: dropped(node.name, options.output) })
  }
  const content = yield* contentFor(extname(options.file).slice(1), kind, yield* store.get(stored.digest), options.file)
  yield* write(options.file, content)
  yield* Console.log(`${options.file}  ${amount(content.length)}`)
  return exitCode.done as ExitCode
})

const contentFor = Effect.fnUntraced(function* (
  extension: string,
  kind: Kind<unknown>,
  stored: Uint8Array,
  file: string,
): Effect.fn.Return<string | Uint8Array, PlanError> {
  const { decode, extension: own } = codecs[kind.kind]
  if (extension === own || kind.kind === "bytes") return stored
  if (extension === "csv" && kind.kind === "table") {
    const { table } = yield* Effect.promise(() => import("arquero"))
    return table(decode(stored) as { [column: string]: Array<unknown> }).toCSV()
  }
  if (extension === "json" && kind.kind === "table") return JSON.stringify(objectsOf(decode(stored) as Table))
  if (extension === "json" && kind.kind === "tensors") return JSON.stringify(arraysOf(decode(stored) as Tensors))
  const forms = { tensors: ".safetensors or .json", table: ".arrow, .csv or .json", json: ".json", bytes: "any name" }[
    kind.kind
  ]
  return yield* new PlanError({
    reason: "UnknownOutput",
    message: `An output of kind ${kind.kind} cannot be written to ${file}. Choose ${forms}.`,
  })
})

const objectsOf = (table: Table): ReadonlyArray<object> =>
  (Object.values(table)[0] ?? []).map((_, row) =>
    Object.fromEntries(Object.entries(table).map(([column, values]) => [column, values[row]])),
  )

const arraysOf = (tensors: Tensors): object =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]),
  )
