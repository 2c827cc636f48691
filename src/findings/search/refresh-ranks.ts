import type { FindingSearch, RankFinding } from './ports.ts';
import { searchColumnsOf } from './search-text.ts';

/** Findings that are read and judged in one go; others have their turn in between. */
const PORTION = 250;

/**
 * Works out again what lists are sorted and filtered by: priorities change with the feeds, the weights and what
 * pipelines reach, areas with our rules. Gives how many were different.
 */
export async function refreshRanks(
  search: Pick<FindingSearch, 'ranked' | 'rank'>,
  rankOf: RankFinding,
): Promise<number> {
  let changed = 0;
  for (let after: string | undefined; ; ) {
    const { findings, last } = await search.ranked(after, PORTION);
    const different = findings.flatMap(({ id, repository, finding, priority, area, isSearchable }) => {
      const rank = rankOf(finding, repository);
      const isSame = isSearchable && rank.priority === priority && rank.area === area;
      return isSame ? [] : [{ id, ...searchColumnsOf(finding, rank) }];
    });
    if (different.length > 0) await search.rank(different);
    changed += different.length;
    if (last === undefined) return changed;
    after = last;
  }
}
