/** What could be changed, and what that costs; the cost is relative to the others. */
export interface Candidate {
  readonly id: string;
  readonly cost: number;
}

/** Each way into the project, as the changes of which every single one closes it. */
export type Way = readonly Candidate[];

export interface Selection {
  readonly ids: readonly string[];
  readonly cost: number;
  /** False when the search was given up and the choice is only a good one. */
  readonly exact: boolean;
}

const STEPS_MAX = 50_000;

/** The change that closes the most ways for its cost comes first, until all are closed. */
function chooseGreedily(ways: readonly Way[]): Omit<Selection, 'exact'> {
  const ids: string[] = [];
  let cost = 0;
  let open = ways;
  while (open.length > 0) {
    const closes = new Map<string, { candidate: Candidate; count: number }>();
    for (const candidate of open.flat()) {
      const known = closes.get(candidate.id);
      closes.set(candidate.id, { candidate, count: (known?.count ?? 0) + 1 });
    }
    const [best] = [...closes.values()].toSorted(
      (left, right) =>
        right.count / right.candidate.cost - left.count / left.candidate.cost ||
        (left.candidate.id < right.candidate.id ? -1 : 1),
    );
    if (best === undefined) break;
    ids.push(best.candidate.id);
    cost += best.candidate.cost;
    open = open.filter((way) => !way.some(({ id }) => id === best.candidate.id));
  }
  return { ids, cost };
}

/** Ways that the same changes close count once: whatever closes one closes the other. */
function dropRepeated(ways: readonly Way[]): Way[] {
  const keyOf = (way: Way) => JSON.stringify(way.map(({ id }) => id).toSorted());
  return [...new Map(ways.map((way) => [keyOf(way), way])).values()];
}

/** What closing the rest costs at least: ways that share no change must be closed one by one. */
function boundOf(ways: readonly Way[]): number {
  const used = new Set<string>();
  let bound = 0;
  for (const way of ways) {
    if (way.some(({ id }) => used.has(id))) continue;
    for (const { id } of way) used.add(id);
    bound += Math.min(...way.map(({ cost }) => cost));
  }
  return bound;
}

class Search {
  best: Omit<Selection, 'exact'>;
  steps = 0;

  constructor(ways: readonly Way[]) {
    this.best = chooseGreedily(ways);
    this.#visit(ways, [], 0);
  }

  #visit(open: readonly Way[], ids: readonly string[], cost: number): void {
    this.steps += 1;
    if (this.steps > STEPS_MAX || cost + boundOf(open) >= this.best.cost) return;
    // The way with the fewest changes leaves the fewest choices.
    const [narrowest] = open.toSorted((left, right) => left.length - right.length);
    if (narrowest === undefined) {
      this.best = { ids, cost };
      return;
    }
    for (const { id, cost: own } of narrowest) {
      this.#visit(
        open.filter((way) => !way.some((each) => each.id === id)),
        [...ids, id],
        cost + own,
      );
    }
  }
}

/**
 * The cheapest set of changes that closes all ways: a weighted hitting set, by branch and bound from the greedy
 * answer down. A way that nothing closes is left out. Ordered by how many ways a change closes.
 */
export function chooseChanges(ways: readonly Way[]): Selection {
  const closable = ways.filter((way) => way.length > 0);
  const search = new Search(dropRepeated(closable));
  const closed = (id: string) => closable.filter((way) => way.some((each) => each.id === id)).length;
  const ids = search.best.ids.toSorted(
    (left, right) => closed(right) - closed(left) || (left < right ? -1 : 1),
  );
  return { ids, cost: search.best.cost, exact: search.steps <= STEPS_MAX };
}
