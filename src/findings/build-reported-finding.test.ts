import { describe, expect, it } from 'vitest';
import { cut } from './build-reported-finding.ts';

describe('a text of a report', () => {
  it('keeps its lines, and shows what would turn them around or reach a terminal', () => {
    expect(cut('one\r\n\ttwo\rthree', 100)).toBe('one\n\ttwo\nthree');
    expect(cut('a\u202egnp.exe\u202c', 100)).toBe('a\uFFFDgnp.exe\uFFFD');
    expect(cut('\u001b[2J\u0000\u2067', 100)).toBe('\uFFFD[2J\uFFFD\uFFFD');
    expect(cut('日本語 – né', 100)).toBe('日本語 – né');
  });

  it('is cut at a character, in time, however long it is', () => {
    expect(cut('a😀b', 3)).toBe('a…');
    expect(cut('\r'.repeat(5_000_000), 10)).toHaveLength(10);
  });
});
