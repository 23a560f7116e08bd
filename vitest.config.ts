import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/peers/**", "test/bench/**"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    // Half of the tests wait for processes of their own.
    maxWorkers: "100%",
    testTimeout: 60_000,
  },
})
