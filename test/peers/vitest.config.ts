// `npm run test:peers`: our numbers against PyTorch's, where there is one.
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/peers/**/*.test.ts"],
    globalSetup: ["test/peers/setup.ts"],
    reporters: ["default", "./test/support/count-reporter.ts"],
    testTimeout: 120_000,
  },
})
