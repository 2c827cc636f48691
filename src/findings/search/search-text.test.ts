import { describe, expect, it } from 'vitest';
import { sampleReported } from '../testing/sample-reported-finding.ts';
import { searchTextOf, searchWords, subjectOf } from './search-text.ts';

describe('the text that is searched', () => {
  it('has every name of a finding in lower case, and not its description', () => {
    const text = searchTextOf(
      sampleReported({
        title: 'A Title',
        aliases: ['CVE-2024-1'],
        place: { file: 'Src/A.ts', package: { name: 'Left-Pad' } },
        description: 'everybody',
      }),
    );
    for (const word of ['a title', 'no-eval', 'src/a.ts', 'left-pad', 'cve-2024-1', 'sample']) {
      expect(text).toContain(word);
    }
    expect(text).not.toContain('everybody');
  });

  it('is bounded and well-formed whatever a report says', () => {
    const text = searchTextOf(
      sampleReported({
        title: `${'x'.repeat(999)}💥${'y'.repeat(1_000_000)}`,
        aliases: ['a'.repeat(1_000_000)],
      }),
    );
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text.isWellFormed()).toBe(true);
  });
});

describe('a question', () => {
  it('is eight different words at most, and none where there is only space', () => {
    expect(searchWords('  Foo\tbar foo\n')).toEqual(['foo', 'bar']);
    expect(searchWords(' ')).toEqual([]);
    expect(searchWords(Array.from({ length: 20 }, (_, index) => `w${index}`).join(' '))).toHaveLength(8);
  });
});

describe('the subject', () => {
  it('is the package of what is about one, without its version, else the file', () => {
    const place = { file: 'package-lock.json', package: { name: 'p', version: '1', ecosystem: 'npm' } };
    expect(subjectOf(sampleReported({ kind: 'dependency', place }))).toBe('pkg:npm/p');
    expect(subjectOf(sampleReported({ kind: 'licence', place }))).toBe('package-lock.json');
    expect(subjectOf(sampleReported({ place: { url: 'https://acme.example' } }))).toBe(undefined);
  });
});
