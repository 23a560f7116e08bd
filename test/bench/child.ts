// Other end of the bench: does one work in a process of its own, and tells its time and peak memory in one line of
// JSON.
import { works } from "./works.ts"

const [name, params] = process.argv.slice(2) as [keyof typeof works, string]
const { run } = await works[name]()
const timing = await run(JSON.parse(params) as never)
// Kilobytes, whatever the platform.
process.stdout.write(`${JSON.stringify({ ...timing, bytes: process.resourceUsage().maxRSS * 1024 })}\n`)
