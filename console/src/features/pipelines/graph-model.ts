import type { LucideIcon } from 'lucide-react';

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 54;

/** What a box of a graph shows; never by its colour alone. */
export interface GraphBox {
  readonly id: string;
  /** Small, above the name: `Stored secret`. */
  readonly kind: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly tone: 'plain' | 'outsider' | 'third-party' | 'attacked';
  /** Said of the box beside its name: `attack leads through it`. */
  readonly note?: string | undefined;
}

export interface GraphLine {
  readonly from: string;
  readonly to: string;
  /** The next step of an attack. */
  readonly attack?: boolean;
}

/** Everything that leads to a box, and that it leads to; itself among them. */
export function relativesOf(id: string, lines: readonly GraphLine[]): ReadonlySet<string> {
  const walk = (start: 'from' | 'to', end: 'from' | 'to') => {
    const next = Map.groupBy(lines, (line) => line[start]);
    // A set is walked over what is added to it meanwhile.
    const found = new Set([id]);
    for (const each of found) for (const line of next.get(each) ?? []) found.add(line[end]);
    return found;
  };
  return new Set([...walk('from', 'to'), ...walk('to', 'from')]);
}
