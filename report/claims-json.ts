// The claims of a page as data: what each states, what was measured, and what came of it. Written beside the page and
// inside of it. Knows nothing about how claims are judged.
import type { PageContent } from "./content.ts"

/** The data of `claims.json`: a version of the form, how the page was made, every claim, and what is covered. */
export const claimsData = ({ title, source, claims, statements = [], accounts = [], made }: PageContent) => ({
  v: 1,
  title,
  ...(source === undefined ? {} : { source }),
  spec: made.spec,
  scale: made.scale,
  ...(made.commit === undefined ? {} : { commit: made.commit }),
  date: made.date,
  config: made.config.map(({ name, value }) => ({ name, value })),
  claims: claims.map(({ id, kind, claim, measured, spread, ...rest }) => ({
    id,
    kind,
    statement: claim,
    ...rest,
    measured,
    spread,
    interval: measured === null || spread === null ? null : [measured - spread, measured + spread],
  })),
  statements,
  accounts,
})
