import { formatParagraph, formatTable } from './layout.ts';

export interface ShownFact {
  name: string;
  expected: string;
  received: string | null | undefined;
}

interface Group {
  heading: string | undefined;
  rows: string[][];
}

/** A fact about a policy is the heading of what follows: which of its conditions were not met. */
function groupsOf(facts: readonly ShownFact[]): Group[] {
  const groups: Group[] = [];
  for (const { name, expected, received } of facts) {
    if (name === 'policy') groups.push({ heading: `Policy ${received ?? expected}`, rows: [] });
    else {
      if (groups.length === 0) groups.push({ heading: undefined, rows: [] });
      groups.at(-1)?.rows.push([name, expected, received ?? '(absent)']);
    }
  }
  return groups;
}

/** What was looked at, what would have passed and what was there; a table for each policy that came near. */
export function formatFacts(facts: readonly ShownFact[], indent: string): string {
  return groupsOf(facts)
    .map(({ heading, rows }) => {
      const title =
        heading === undefined ? '' : formatParagraph(indent, rows.length > 0 ? `${heading}:` : heading);
      const deeper = heading === undefined ? indent : `${indent}  `;
      return rows.length === 0
        ? title
        : `${title}${formatTable(['fact', 'expected', 'received'], rows, deeper)}`;
    })
    .join('');
}
