// The ends of nodes and checks as JUnit XML, which build servers read. Pure. Knows nothing about files.
import { verdict } from "../run/verdict-message.ts"
import type { Judged } from "../check.ts"
import type { Lock } from "../verify/lock.ts"
import { stageOf } from "../node.ts"
import type { Settlements } from "../run/settled.ts"
import { failure } from "../text/failure.ts"

interface Case {
  readonly name: string
  /** The group under which it is listed. */
  readonly group: string
  readonly seconds: number
  /** The failure in words, if it did not pass. */
  readonly failure?: string
  /** Why there is no result. */
  readonly skipped?: string
}

/** Cases by the name of their suite. */
interface Suites {
  readonly [suite: string]: ReadonlyArray<Case>
}

export const junit = (suites: Suites): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals(Object.values(suites).flat())}>\n${Object.entries(
    suites,
  )
    .map(
      ([name, cases]) =>
        `  <testsuite ${attribute("name", name)} ` +
        `${totals(cases)}>\n${cases.map((each) => `    ${testcase(each)}\n`).join("")}  </testsuite>\n`,
    )
    .join("")}</testsuites>\n`

const totals = (cases: ReadonlyArray<Case>): string => {
  const failed = cases.filter((each) => each.failure !== undefined).length
  const skipped = cases.filter((each) => each.skipped !== undefined).length
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0)
  return `tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${seconds.toFixed(3)}"`
}

const testcase = ({ name, group, seconds, failure, skipped }: Case): string => {
  const open = `<testcase ${attribute("name", name)} ${attribute("classname", group)} time="${seconds.toFixed(3)}"`
  if (failure !== undefined)
    return `${open}><failure ${attribute("message", failure.split("\n")[0]!)}>${escaped(failure)}</failure></testcase>`
  return skipped === undefined ? `${open}/>` : `${open}><skipped ${attribute("message", skipped)}/></testcase>`
}

const attribute = (name: string, value: string): string =>
  `${name}="${escaped(value).replaceAll(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`)}"`

const entities: { readonly [sign: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
// XML cannot express a control character or half of a surrogate pair.
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replaceAll(/[&<>"]/g, (sign) => entities[sign]!)

/** The nodes that a run did, failed or skipped, and its checks. */
export const runSuites = (settled: Settlements, judged: ReadonlyArray<Judged>): Suites => ({
  nodes: [...settled].flatMap(([node, how]): ReadonlyArray<Case> => {
    const of = { name: node.name, group: stageOf(node) }
    if (how._tag === "Done") return how.outcome === "hit" ? [] : [{ ...of, seconds: how.seconds }]
    if (how._tag === "Failed") return [{ ...of, seconds: 0, failure: failure(how.error) }]
    return [
      { ...of, seconds: 0, skipped: how.because === null ? "The run was interrupted." : `It needs ${how.because}.` },
    ]
  }),
  checks: judged.map(checkCase),
})

/** What is wrong with a node, a table or a check, in words. */
export interface Problem {
  readonly what: "node" | "table" | "check"
  readonly name: string
  readonly text: string
}

/** Everything that was compared with a lock, with the problems that were found. */
export const comparedSuites = (
  settled: Settlements,
  judged: ReadonlyArray<Judged>,
  made: Lock,
  problems: ReadonlyArray<Problem>,
): Suites => {
  const checks = new Map(judged.map((each) => [each.check.id, checkCase(each)]))
  const seconds = new Map([...settled].map(([node, how]) => [node.name, how._tag === "Done" ? how.seconds : 0]))
  const casesOf = (what: Problem["what"], present: object): ReadonlyArray<Case> =>
    [...new Set([...Object.keys(present), ...problems.flatMap((each) => (each.what === what ? [each.name] : []))])].map(
      (name) => {
        const own = what === "check" ? checks.get(name) : undefined
        const texts = [
          ...(own?.failure === undefined ? [] : [own.failure]),
          ...problems.flatMap((each) => (each.what === what && each.name === name ? [each.text] : [])),
        ]
        return {
          name,
          group: what,
          seconds: (what === "node" && seconds.get(name)) || 0,
          ...own,
          ...(texts.length === 0 ? {} : { failure: texts.join("\n") }),
        }
      },
    )
  return {
    nodes: [...casesOf("node", made.nodes), ...casesOf("table", made.tables)],
    checks: casesOf("check", made.checks),
  }
}

/** A check passes if its verdict is the declared verdict. */
const checkCase = (judged: Judged): Case => ({
  name: judged.check.id,
  group: "check",
  seconds: 0,
  ...(judged.asDeclared
    ? judged.verdict === "not judged" || judged.verdict === "open"
      ? { skipped: verdict(judged) }
      : {}
    : { failure: verdict(judged) }),
})
