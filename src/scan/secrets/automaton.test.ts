import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Automaton } from './automaton.ts';

function findAll(words: readonly string[], text: string): string[] {
  const found: string[] = [];
  new Automaton(words).search(Buffer.from(text), (word, end) => found.push(`${words[word] ?? ''}@${end}`));
  return found.sort();
}

function findPlainly(words: readonly string[], text: string): string[] {
  const found: string[] = [];
  const lower = text.toLowerCase();
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1))
      found.push(`${word}@${at + word.length}`);
  }
  return found.sort();
}

describe('the automaton', () => {
  it('finds what a plain search finds, words in words and over words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', '1'), minLength: 1, maxLength: 5 });
    const property = fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'C', 'c', '-', '1', ' '), maxLength: 60 }),
      (words, text) => {
        expect(findAll(words, text)).toEqual(findPlainly(words, text));
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('finds nothing without words, and reads bytes that are no text', () => {
    expect(findAll([], 'abc')).toEqual([]);
    const found: number[] = [];
    new Automaton(['ab']).search(Buffer.from([0, 255, 0x41, 0x62, 128]), (_, end) => found.push(end));
    expect(found).toEqual([4]);
  });
});
