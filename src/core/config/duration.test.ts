import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DurationText, formatDuration, parseDurationSeconds } from './duration.ts';

describe('a duration', () => {
  test.each([
    ['30s', 30],
    ['15m', 900],
    ['1h', 3_600],
    ['7d', 604_800],
  ])('%s is %i seconds', (text, seconds) => expect(parseDurationSeconds(text)).toBe(seconds));

  test.each(['', '0s', '-1m', '1.5h', '15', 'm', '15 m', '15M', '1h30m', '99999999d', '٣m', '1e3s'])(
    '"%s" is none',
    (text) => {
      expect(parseDurationSeconds(text)).toBeUndefined();
      expect(DurationText.safeParse(text).success).toBe(false);
    },
  );

  test('that is shown can be read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), (seconds) => {
        expect(parseDurationSeconds(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});
