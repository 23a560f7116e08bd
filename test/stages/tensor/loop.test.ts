// What is inside a loop and what before it, read off the bytes.
import proto from "onnx-proto"
import { expect, test } from "vitest"
import { encodeLoop } from "../../../stages/tensor/loop.ts"
import { type Form, Graph } from "../../../stages/tensor/graph.ts"

const one: Form = { shape: [], element: "float64" }

test("what depends only on what is fixed is computed once, before the loop", () => {
  const graph = new Graph("float64")
  const [fixed, start, now, trips] = [
    graph.input("fixed", one),
    graph.input("start", one),
    graph.input("now", one),
    graph.input("trips", { shape: [], element: "int64" }),
  ]
  const once = graph.node("Tanh", [graph.node("Exp", [fixed], one)], one)
  const next = graph.node("Mul", [graph.node("Sin", [now], one), once], one)
  const more = graph.node("Less", [next, fixed], { shape: [], element: "bool" })
  const model = encodeLoop({
    inputs: { fixed, start, trips },
    trips,
    carried: [{ name: "x", start, now, next }],
    more,
    rows: { sum: graph.node("Add", [next, once], one) },
  })
  const { node } = proto.onnx.ModelProto.decode(model).graph!
  expect(node!.map(({ opType }) => opType)).toEqual(["Exp", "Tanh", "Loop"])
  expect(node!.at(-1)!.attribute![0]!.g!.node!.map(({ opType }) => opType)).toEqual(["Sin", "Mul", "Less", "Add"])
})
