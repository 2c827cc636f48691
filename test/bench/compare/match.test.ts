import { describe, expect, it } from 'vitest';
import { compareKinds, countOthers } from './match.ts';
import type { Statement } from './tool.ts';

function say(rule: string, line: number, more: Partial<Statement> = {}): Statement {
  return { rule, file: 'a.yml', line, spans: [{ first: line, last: line }], shown: true, ...more };
}

const KINDS = new Map([
  ['unpinned-action', ['unpinned-uses']],
  ['path-injection', ['github-env']],
  ['environment-injection', ['github-env']],
]);

function lines(statements: readonly Statement[] | undefined): number[] {
  return (statements ?? []).map(({ line }) => line);
}

describe('what two tools say', () => {
  it('meets where the place that one names is among the places of the other', () => {
    const ours = [say('unpinned-action', 7), say('unpinned-action', 20)];
    const theirs = [
      say('unpinned-uses', 5, { spans: [{ first: 5, last: 8 }] }),
      say('unpinned-uses', 20, { file: 'b.yml' }),
    ];
    const [kind] = compareKinds(ours, theirs, KINDS);
    expect(kind?.both).toBe(1);
    expect(lines(kind?.onlyTheirs)).toEqual([20]);
    expect(lines(kind?.onlyOurs)).toEqual([20]);
  });

  it('counts what one side keeps for itself as said, but not as missed', () => {
    const quiet = { shown: false };
    const ours = [say('unpinned-action', 1, quiet), say('unpinned-action', 3, quiet)];
    const theirs = [say('unpinned-uses', 1), say('unpinned-uses', 2, quiet)];
    expect(compareKinds(ours, theirs, KINDS)[0]).toMatchObject({ both: 1, onlyTheirs: [], onlyOurs: [] });
  });

  it('takes any of our rules that share a name of theirs', () => {
    const theirs = [say('github-env', 1), say('github-env', 2)];
    const ours = [say('path-injection', 1), say('environment-injection', 2)];
    expect(compareKinds(ours, theirs, KINDS)[1]).toMatchObject({
      kind: 'github-env',
      ours: ['path-injection', 'environment-injection'],
      both: 2,
      onlyOurs: [],
    });
  });

  it('counts what has no name on the other side, most first', () => {
    const all = [say('b', 1), say('a', 2), say('a', 3), say('known', 4), say('c', 5, { shown: false })];
    expect(countOthers(all, new Set(['known']))).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });
});
