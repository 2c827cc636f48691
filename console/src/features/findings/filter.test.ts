import { describe, expect, it } from 'vitest';
import { countFilters, filterQuery, isFiltered, readFindingSearch, toggled } from './filter.ts';

describe('the filter in the address', () => {
  it('takes what fits, and leaves out what does not', () => {
    const search = readFindingSearch({
      q: 'log4j',
      severity: 'critical,high,terrible',
      state: ['open', '__proto__'],
      area: 'secrets',
      overdue: 'true',
      sort: 'random',
      repository: { evil: true },
      saved: 'x'.repeat(100),
      other: 'thing',
    });
    expect(search).toMatchObject({
      q: 'log4j',
      severity: ['critical', 'high'],
      state: ['open'],
      area: ['secrets'],
      overdue: true,
    });
    expect([search.sort, search.repository, search.saved?.length]).toEqual([undefined, undefined, 60]);
    expect(search).not.toHaveProperty('other');
  });

  it('asks for what nobody settled unless states are chosen', () => {
    expect(filterQuery({ saved: 'a', sort: 'due' })).toEqual({ state: ['new', 'open', 'reopened'] });
    expect(filterQuery({ state: ['fixed'] })).toEqual({ state: ['fixed'] });
  });

  it('knows how many filters stand', () => {
    expect(isFiltered(readFindingSearch({ sort: 'due', saved: 'a' }))).toBe(false);
    expect(isFiltered(readFindingSearch({ q: 'a' }))).toBe(true);
    expect(countFilters(readFindingSearch({ tool: 'zap', severity: 'high,low', together: true }))).toBe(2);
  });

  it('adds a choice, takes it away, and is none when the last one went', () => {
    expect(toggled(undefined, 'a')).toEqual(['a']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggled(['a'], 'a')).toBe(undefined);
  });
});
