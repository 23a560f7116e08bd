import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

const startsProcesses = ({ moduleId }: TestSpecification): boolean => /\/test\/(cli|cache)\//.test(moduleId)

/** Tests that start processes take longest. They go first, so that at the end no worker waits for another. */
class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const sorted = await super.sort(files)
    return [...sorted.filter(startsProcesses), ...sorted.filter((file) => !startsProcesses(file))]
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/peers/**", "test/bench/**"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    // A process per file would load TF.js and ONNX Runtime a hundred times over; no test leaves anything behind.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Half of the tests wait for processes of their own.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
