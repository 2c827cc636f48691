import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addPause, defaultServiceLevel, dueAt, endPause, type ServiceLevel } from './service-level.ts';
import type { Pause } from './tracked-finding.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (text: string) => Date.parse(text);
const due = (start: string, level: Partial<ServiceLevel> = {}, pauses: readonly Pause[] = []) => {
  const dueMs = dueAt(at(start), 'high', pauses, { ...defaultServiceLevel, days: { high: 3 }, ...level });
  return dueMs === undefined ? undefined : new Date(dueMs).toISOString();
};

describe('the day by which a finding has to be mended', () => {
  it('is so many days after the first sighting', () => {
    expect(due('2026-11-23T10:00:00Z')).toBe('2026-11-26T10:00:00.000Z');
    expect(dueAt(0, 'info', [], defaultServiceLevel)).toBe(undefined);
  });

  it('leaves weekends and holidays out when only working days count', () => {
    // The 20th of November 2026 is a Friday.
    const business = { businessDays: true };
    expect(due('2026-11-20T10:00:00Z', business)).toBe('2026-11-25T10:00:00.000Z');
    expect(due('2026-11-20T10:00:00Z', { ...business, holidays: new Set(['2026-11-24']) })).toBe(
      '2026-11-26T10:00:00.000Z',
    );
    expect(due('2026-11-21T10:00:00Z', business)).toBe('2026-11-26T00:00:00.000Z');
    expect(due('2026-11-20T10:00:00Z', { ...business, weekend: [5, 6] })).toBe('2026-11-25T00:00:00.000Z');
  });

  it('begins its days where the team lives', () => {
    const level = { businessDays: true, utcOffsetMinutes: 600 };
    // Saturday in Sydney while it is Friday in London.
    expect(due('2026-11-20T15:00:00Z', level)).toBe('2026-11-25T14:00:00.000Z');
  });

  it('waits as long as its clock stands, and has no day while it does', () => {
    const pause = { fromMs: at('2026-11-24T00:00:00Z'), toMs: at('2026-11-26T00:00:00Z') };
    expect(due('2026-11-23T10:00:00Z', {}, [pause])).toBe('2026-11-28T10:00:00.000Z');
    expect(due('2026-11-23T10:00:00Z', {}, [{ fromMs: pause.fromMs }])).toBe(undefined);
    // A pause over a weekend takes no working day.
    const weekend = { fromMs: at('2026-11-21T00:00:00Z'), toMs: at('2026-11-23T00:00:00Z') };
    expect(due('2026-11-20T10:00:00Z', { businessDays: true }, [weekend])).toBe('2026-11-25T10:00:00.000Z');
  });

  it('ends by itself when no day is a working day', () => {
    expect(due('2026-11-20T10:00:00Z', { businessDays: true, weekend: [0, 1, 2, 3, 4, 5, 6] })).toBe(
      undefined,
    );
  });

  it('is always so many running hours away, whatever the pauses', () => {
    const hours = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(fc.array(fc.tuple(hours, hours), { maxLength: 8 }), (spans) => {
        let pauses: readonly Pause[] = [];
        for (const [from, length] of spans) {
          pauses = addPause(pauses, { fromMs: from * HOUR_MS, toMs: (from + length) * HOUR_MS });
        }
        const dueMs = dueAt(0, 'high', pauses, { ...defaultServiceLevel, days: { high: 3 } }) ?? 0;
        let ran = 0;
        for (let hour = 0; hour * HOUR_MS < dueMs; hour += 1) {
          const stands = pauses.some(
            ({ fromMs, toMs = Infinity }) => fromMs <= hour * HOUR_MS && hour * HOUR_MS < toMs,
          );
          if (!stands) ran += 1;
        }
        expect(ran).toBe(72);
      }),
    );
  });
});

describe('pauses', () => {
  it('that touch become one, and one that is under way ends once', () => {
    const open = addPause([], { fromMs: 5 });
    expect(addPause(open, { fromMs: 1, toMs: 5 })).toEqual([{ fromMs: 1 }]);
    expect(endPause(open, 9)).toEqual([{ fromMs: 5, toMs: 9 }]);
    expect(endPause(endPause(open, 9), 12)).toEqual([{ fromMs: 5, toMs: 9 }]);
    expect(endPause(open, 2)).toEqual([{ fromMs: 5, toMs: 5 }]);
  });

  it('never grow without bound', () => {
    let pauses: readonly Pause[] = [];
    for (let index = 0; index < 500; index += 1) {
      pauses = addPause(pauses, { fromMs: index * DAY_MS, toMs: index * DAY_MS + 1 });
    }
    expect(pauses.length).toBeLessThanOrEqual(50);
  });
});
