// The CSS of the page, for wide, narrow, light, dark and printed pages.
// Knows nothing about the content. Uses no font and no picture that the reader's machine does not have.
import { darkFigures } from "./theme.ts"

const dark = `
  --paper: #14171b; --card: #1a1e23; --ink: #e4e7eb; --quiet: #a2abb5; --rule: #2f363e; --link: #7cb7ff;
  --good: #5fd08f; --good-paper: #16301f; --bad: #ff9d8a; --bad-paper: #3a1d18; --odd: #f0c35a; --odd-paper: #352a10;
  --none: #b4bdc7; --none-paper: #262c33;`

/** The style sheet of a page. */
export const style = `
:root { color-scheme: light dark;
  --paper: #ffffff; --card: #fafbfc; --ink: #1d2127; --quiet: #59626d; --rule: #dde1e6; --link: #0b57c4;
  --good: #12693a; --good-paper: #e5f5ec; --bad: #a3290f; --bad-paper: #fdece8; --odd: #7a5200; --odd-paper: #fdf3da;
  --none: #4a525c; --none-paper: #eceff2;
  --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "DejaVu Serif", serif;
  --sans: system-ui, "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "DejaVu Sans Mono", monospace; }
@media screen and (prefers-color-scheme: dark) { :root {${dark} }
${darkFigures(".plate")} }

* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 71rem; display: grid;
  grid-template-columns: 12rem minmax(0, 54rem); column-gap: 3rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 var(--serif); overflow-wrap: break-word;
}
header, main { grid-column: 2; min-width: 0; }
nav {
  grid-column: 1; grid-row: 1 / span 2; position: sticky; top: 2.5rem; align-self: start;
  max-height: calc(100vh - 5rem); overflow-y: auto; font: 0.8125rem/1.45 var(--sans);
}
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: 0.5rem; }

h1, h2, h3 { font-family: var(--sans); line-height: 1.25; font-weight: 650; text-wrap: balance; }
h1 { font-size: 2rem; letter-spacing: -0.015em; margin: 0 0 0.75rem; }
h2 { font-size: 1.375rem; margin: 3.25rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.0625rem; margin: 0 0 0.75rem; }
.tally { font: 600 1.0625rem/1.9 var(--sans); margin: 0 0 1rem; } .tally .verdict { font-size: 0.875rem; }
.lead { margin: 0 0 0.75rem; max-width: 42rem; }
.source { color: var(--quiet); font-size: 0.9375rem; margin: 0; max-width: 42rem; }
.ordinal { color: var(--quiet); font-weight: 500; }

nav ol { list-style: none; margin: 0; padding: 0; }
nav ol ol { margin: 0.25rem 0 0.5rem; padding-left: 0.75rem; border-left: 1px solid var(--rule); }
nav li { margin: 0.35rem 0; }
nav a { color: var(--quiet); text-decoration: none; }
nav a:hover { color: var(--link); text-decoration: underline; }
nav > ol > li > a { color: var(--ink); font-weight: 600; }

table { border-collapse: collapse; width: 100%; font: 0.8125rem/1.45 var(--sans); font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 650; font-size: 1.0625rem; padding: 0 0 0.5rem; }
th, td {
  text-align: left; vertical-align: top; padding: 0.5rem 0.75rem 0.5rem 0;
  border-bottom: 1px solid var(--rule);
}
thead th { color: var(--quiet); font-weight: 500; white-space: nowrap; } tbody th { font-weight: 500; }
.claims { table-layout: fixed; }
.claims thead th { width: 14%; }
.claims thead th:first-child { width: 33%; }
.claims thead th:nth-child(2), .claims thead th:nth-child(3) { width: 11.5%; }
.claims thead th:last-child { width: 16%; }
.claims.accounts thead th { width: 25%; }
.claims.accounts thead th:first-child { width: 15%; }
.claims.accounts thead th:last-child { width: 35%; }
.claims td:last-child { padding-right: 0; }
.claims tbody th { font: 0.9375rem/1.45 var(--serif); }
.claims .group th { padding-top: 1.5rem; font: 650 0.875rem/1.45 var(--sans); border-bottom-color: var(--quiet); }
.claims .group a { color: inherit; text-decoration-color: var(--rule); }
.claims.two thead th:nth-child(n+3) { width: 27%; white-space: normal; } .two td > .number { display: block; }
.filter, .hint { font: 0.8125rem/1.5 var(--sans); color: var(--quiet); }
.filter input { margin: 0 0.35em 0 0; vertical-align: -0.1em; accent-color: var(--link); }
body:has(#open-only:checked) .claims .settled { display: none; }
tr:target, figure:target h3 { background: var(--odd-paper); }
.verdict {
  display: inline-block; padding: 0.1em 0.6em; border-radius: 0.8em; font: 600 0.75rem/1.6 var(--sans);
  color: var(--none); background: var(--none-paper);
}
.verdict.agrees { color: var(--good); background: var(--good-paper); }
.verdict.excludes, .verdict.open, .verdict.differs { color: var(--odd); background: var(--odd-paper); }
.verdict.contradicts { color: var(--bad); background: var(--bad-paper); }
.remark { display: block; color: var(--quiet); font: 0.8125rem/1.45 var(--sans); margin-top: 0.25rem; }
.remark.alarm { color: var(--bad); font-weight: 600; }
.since { margin: 0 0 1rem; }

figure { margin: 0 0 3.5rem; }
.plate {
  border: 1px solid var(--rule); border-radius: 6px; padding: 0.75rem 1rem; background: var(--card);
  min-height: calc(var(--height) + 1.5rem); display: grid; align-content: center; justify-content: center;
}
.drawing { min-width: 0; }
.drawing svg { display: block; max-width: 100%; height: auto; }
.drawing:not(:empty) + .waiting, .told:empty { display: none; }
.told {
  margin-top: 0.75rem; padding-top: 0.5rem; border-top: 1px solid var(--rule); display: grid; max-width: 100%;
  overflow-x: auto;
}
.told table, .told tbody, .told tr { display: block; font-size: 0.75rem; }
.told .of-point { display: inline-block; margin-right: 1.25rem; }
.told td { display: inline; border: 0; padding: 0 0.4rem 0 0; overflow-wrap: anywhere; }
.told .key { color: var(--quiet); }
.of-node .value { font-family: var(--mono); } .drawing .here { stroke: var(--ink); stroke-width: 2.5px; }
.waiting { color: var(--quiet); font: 0.8125rem/1.5 var(--sans); }
figcaption { margin: 0.9rem 0 0; font-size: 0.9688rem; max-width: 46rem; }
.judged { list-style: none; padding: 0; margin: 0.75rem 0 0; font: 0.8125rem/1.5 var(--sans); }
.judged li {
  display: grid; grid-template-columns: 8.25rem minmax(0, 1fr); gap: 0.75rem; padding: 0.45rem 0;
  border-top: 1px solid var(--rule);
}
.judged .verdict { justify-self: start; align-self: start; }
.judged a { color: inherit; text-decoration-color: var(--rule); }
.numbers { display: block; color: var(--quiet); } .numbers b { color: var(--ink); font-weight: 600; }
.files { margin: 0.5rem 0 0; color: var(--quiet); font: 0.8125rem/1.5 var(--sans); } .files a { margin-left: 0.6em; }

#made p { max-width: 42rem; } #made h3, #made .scroll { margin-top: 2rem; }
.scroll { overflow-x: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); column-gap: 2.5rem; }
.graph {
  overflow: auto; max-height: 32rem; border: 1px solid var(--rule); border-radius: 6px;
  background: var(--card); padding: 1rem; color: var(--ink);
}
.graph svg { display: block; max-width: 100%; height: auto; min-width: 34rem; }
.graph text { font-family: var(--sans); }
code { font: 0.875em/1.5 var(--mono); }
table code { font-size: 0.75rem; }
td code { overflow-wrap: anywhere; }
.scroll td:nth-of-type(1) code { display: inline-block; min-width: 6rem; }
.commands { margin: 0; }
.commands div { margin: 0 0 0.75rem; }
.commands dd {
  margin: 0.2rem 0 0; padding: 0.5rem 0.75rem; border-radius: 6px; background: var(--none-paper);
  white-space: pre-wrap; font-size: 0.9375rem;
}

#vg-tooltip-element {
  position: fixed; z-index: 9; visibility: hidden; pointer-events: none; max-width: 24rem;
  padding: 0.45rem 0.65rem; border: 1px solid var(--rule); border-radius: 6px; background: var(--paper);
  color: var(--ink); box-shadow: 0 2px 10px rgb(0 0 0 / 0.18); font: 0.75rem/1.4 var(--sans);
  font-variant-numeric: tabular-nums;
}
#vg-tooltip-element.visible { visibility: visible; }
#vg-tooltip-element table { width: auto; font: inherit; }
#vg-tooltip-element td { border: 0; padding: 0.05rem 0.4rem; overflow-wrap: anywhere; }
#vg-tooltip-element .of-node .value { font-size: 0.6875rem; }
#vg-tooltip-element td.key { color: var(--quiet); text-align: right; white-space: nowrap; overflow-wrap: normal; }

@media (max-width: 68rem) {
  body { display: block; max-width: 57rem; }
  nav {
    position: static; max-height: none; margin-top: 1.5rem; padding: 0.75rem 0 0;
    border-top: 1px solid var(--rule);
  }
}
@media screen and (max-width: 44rem) {
  body { padding: 1.5rem 1rem 3rem; font-size: 1rem; } h1 { font-size: 1.5rem; }
  .plate { border: 0; padding: 0; background: none; min-height: 0; justify-content: start; }
  .judged li { grid-template-columns: minmax(0, 1fr); gap: 0.2rem; }
  .claims, .claims tbody, .claims tr, .claims tbody th, .claims td { display: block; width: auto; }
  .claims thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .claims tr { padding: 0.75rem 0; border-bottom: 1px solid var(--rule); }
  .claims th, .claims td { border: 0; padding: 0.15rem 0; }
  .claims td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); }
  .claims td > * { grid-column: 2; }
  .claims td .verdict { justify-self: start; }
  .claims .group { padding: 1.5rem 0 0.25rem; border-bottom-color: var(--quiet); }
  .claims .group th { padding: 0; }
  .claims td::before { content: attr(data-name); grid-row: 1 / span 5; color: var(--quiet); }
}
@media print {
  html { font-size: 9pt; }
  body { display: block; padding: 0; max-width: none; }
  nav, .files, .skip, .filter, .hint, .told { display: none; }
  figure, tr, .commands div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
  .plate { border: 0; padding: 0; background: none; min-height: 0; }
  .graph { max-height: none; overflow: visible; }
  .graph svg { max-width: 100%; height: auto; }
}
`
