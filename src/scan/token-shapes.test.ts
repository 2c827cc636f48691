import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { mayHoldToken, tokenShapes } from './token-shapes.ts';

/** Without what looks around, which is about the text around a token. */
function onlyText({ source }: RegExp): RegExp {
  return new RegExp(source.replaceAll(/\\b|\(\?![^)]*\)/g, ''));
}

describe.each(tokenShapes)('the look for a beginning', ({ what, pattern }) => {
  it(`never leaves out a ${what}`, () => {
    fc.assert(
      fc.property(fc.stringMatching(onlyText(pattern)), (token) => {
        expect(mayHoldToken(token)).toBe(true);
        expect(mayHoldToken(`run: login --with ${token} --now`)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

it('is over soon for a long text that only nearly holds one', () => {
  const startMs = threadMs();
  expect(mayHoldToken('AKI xox discord gh_ '.repeat(50_000))).toBe(false);
  expect(threadMs() - startMs).toBeLessThan(2_000);
});
