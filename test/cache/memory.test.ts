import { Effect, Layer } from "effect"
import { memoryLayer, MemoryStore } from "../../cache/memory.ts"
import { Saboteur, suite } from "./contract.ts"

suite(
  "the store in memory",
  Layer.effect(Saboteur, MemoryStore.pipe(Effect.map(Saboteur.of))).pipe(Layer.provideMerge(memoryLayer)),
)
