import { Layer } from "effect"
import { memoryLayer } from "../../../cache/memory.ts"
import { inline } from "../../../pipeline/executor/inline.ts"
import { suite } from "./contract.ts"

suite("the executor in this process", inline.pipe(Layer.provideMerge(memoryLayer)))
