import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/peers/**", "test/bench/**"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    // A process per file would load TF.js and ONNX Runtime a hundred times over; no test leaves anything behind.
    isolate: false,
    // Half of the tests wait for processes of their own.
    maxWorkers: "100%",
    testTimeout: 60_000,
  },
})
