// A check by the name of the quantity that judges it.
import { cell, check, type Check } from "../../pipeline/check.ts"
import type { Output } from "../../pipeline/node.ts"
import type { Table } from "../../pipeline/stage.ts"

/** Checks of the quantities in a summary; a check has the name of its quantity. */
export const judgedBy =
  (summary: Output<Table>) =>
  (quantity: string, claim: Omit<Check, "id" | "value" | "spread">): Check =>
    check({ id: quantity, value: cell(summary, { quantity }, "value"), spread: "spread", ...claim })
