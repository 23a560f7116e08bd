// A page's content that tries to be more than text.
import { figure } from "../../report/figure.ts"
import type { PageContent } from "../../report/page.ts"
import { content } from "./content.ts"

const attack = `</script><b class="hostile">hostile</b><script>hacked = 1</script><!-- ' "`

/** A page whose every text tries to be markup. */
export const hostile: PageContent = {
  ...content,
  title: attack,
  lead: [attack],
  source: attack,
  claims: content.claims.map((one) => ({
    ...one,
    claim: attack,
    source: attack,
    published: attack,
    expected: attack,
    fails: attack,
    differs: attack,
    elsewhere: [{ scale: attack, expected: attack }],
    note: attack,
    declared: { verdict: "differs", reason: attack },
  })),
  figures: [
    {
      id: "3a",
      title: attack,
      caption: attack,
      claims: ["t1"],
      spec: figure({
        title: attack,
        description: attack,
        data: { a: [1, 2, 3], [attack]: [1, 2, 3], kind: [attack, attack, "b"], node: [attack, attack, attack] },
        x: { field: "a", title: attack },
        y: { field: attack, title: attack },
        color: { field: "kind", title: attack },
      }),
    },
  ],
  nodes: [{ name: attack, key: attack, seconds: 1 }],
  made: {
    ...content.made,
    spec: attack,
    show: attack,
    config: [{ name: attack, value: attack, description: attack }],
    accepted: [{ stage: attack, nodes: 1, what: attack, by: attack, when: attack, because: attack }],
    graph: `${content.made.graph}<script>hacked = 1</script>`,
  },
}
