// Closes a test run with one line of counts, `N passed, N failed`, so that a log can be judged by its last line.
import type { Reporter, TestModule } from "vitest/node"

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const state = test.result().state
        count[state === "pending" ? "skipped" : state] += 1
      }
      // A module that fails to load has no tests of its own to count.
      if (tests.length === 0 && module.state() === "failed") count.failed += 1
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ""
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`)
  }
}
