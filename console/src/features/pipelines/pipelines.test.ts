import type { PipelineFinding } from '#api/pipeline.ts';
import { describe, expect, it } from 'vitest';
import { layOut } from './graph-layout.ts';
import { relativesOf } from './graph-model.ts';
import { readInventorySearch, readPipelineSearch } from './search.ts';
import { splitAtFindings } from './source-blocks.ts';
import { describeCounts, sentence, shortFile } from './words.ts';

function findingAt(line: number): PipelineFinding {
  const place = { file: 'a.yml', line, column: 1, endLine: line, endColumn: 2 };
  const finding: Partial<PipelineFinding> = { fingerprint: `f${line}`, place };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of it is read
  return finding as PipelineFinding;
}

describe('a graph', () => {
  const lines = [
    { from: 'who', to: 'trigger' },
    { from: 'trigger', to: 'job' },
    { from: 'job', to: 'secret' },
    { from: 'other', to: 'secret' },
    { from: 'cache', to: 'job' },
    { from: 'job', to: 'cache' },
  ];

  it('knows what leads to a box and where it leads, not what else leads there', () => {
    expect([...relativesOf('trigger', lines)].toSorted()).toEqual([
      'cache',
      'job',
      'secret',
      'trigger',
      'who',
    ]);
    expect([...relativesOf('other', lines)].toSorted()).toEqual(['other', 'secret']);
    expect([...relativesOf('alone', lines)]).toEqual(['alone']);
  });

  it('is laid out from left to right, whatever circles are in it and whatever its names are', () => {
    const places = layOut(['who', 'trigger', 'job', 'secret', 'other', 'cache'], lines);
    const at = (id: string) => places.get(id)?.x ?? Number.NaN;
    expect(at('who')).toBeLessThan(at('trigger'));
    expect(at('trigger')).toBeLessThan(at('job'));
    expect(at('job')).toBeLessThan(at('secret'));
    const odd = layOut(['__proto__', 'constructor'], [{ from: '__proto__', to: 'constructor' }]);
    expect([...odd.keys()]).toEqual(['__proto__', 'constructor']);
  });
});

describe('a source with findings', () => {
  const text = 'one\ntwo\nthree\nfour\n';

  it('is cut behind each line that has some, and loses no line', () => {
    const blocks = splitAtFindings(text, [findingAt(3), findingAt(1), findingAt(3)]);
    expect(blocks.map(({ start, lines, findings }) => [start, lines, findings.length])).toEqual([
      [1, ['one'], 1],
      [2, ['two', 'three'], 2],
      [4, ['four'], 0],
    ]);
  });

  it('shows what stands behind its last line at the end, and itself without any', () => {
    expect(splitAtFindings(text, [findingAt(99)])).toMatchObject([
      { start: 1, findings: [{ fingerprint: 'f99' }] },
    ]);
    expect(splitAtFindings(text, [])).toMatchObject([{ start: 1, lines: ['one', 'two', 'three', 'four'] }]);
  });
});

describe('the address of a page', () => {
  it('is read with care: what does not fit is not there', () => {
    expect(
      readInventorySearch({
        view: 'secrets',
        q: 'x'.repeat(500),
        platform: ['github', 'evil'],
        outsiders: 'yes',
      }),
    ).toEqual({
      view: undefined,
      q: 'x'.repeat(200),
      platform: ['github'],
      severity: undefined,
      outsiders: undefined,
      attacked: undefined,
    });
    expect(readPipelineSearch({ tab: '__proto__', line: '1e9', hide: [], repository: {} })).toMatchObject({
      tab: undefined,
      hide: [],
      repository: undefined,
    });
  });
});

describe('words', () => {
  it('begin sentences with a capital, and leave names as they are', () => {
    expect(sentence('the token of every job')).toBe('The token of every job');
    expect(sentence('actions/checkout is taken by a tag')).toBe('actions/checkout is taken by a tag');
    expect(sentence('pull_request_target: anybody')).toBe('pull_request_target: anybody');
    expect(sentence('')).toBe('');
  });

  it('count the worst, and name files shortly', () => {
    const none = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
    expect(describeCounts(none)).toBe('None');
    expect(describeCounts({ ...none, critical: 1, low: 2, info: 3 })).toBe('1 critical, 2 low, 3 info');
    expect(shortFile('.github/workflows/a.yml')).toBe('a.yml');
    expect(shortFile('ci/.github/workflows/a.yml')).toBe('ci/.github/workflows/a.yml');
  });
});
