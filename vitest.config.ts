import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/peers/**", "test/bench/**"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    testTimeout: 60_000,
  },
})
