import { describe, expect, it } from 'vitest';
import { idOfText, RecentEvents } from './recent-events.ts';

function row(id: string, size = 10): readonly string[] {
  return ['type', `{"id":"${id}","body":"${'x'.repeat(size)}"}`];
}

describe('texts of recent events', () => {
  it('are given once, by their id', () => {
    const recent = new RecentEvents();
    const rows = [row('evt_1'), row('evt_2')];
    expect(recent.keep(rows)).toBe(rows);
    expect(recent.take('evt_2')).toBe(rows[1]?.[1]);
    expect(recent.take('evt_2')).toBeUndefined();
    expect(recent.take('evt_3')).toBeUndefined();
    expect(recent.take('evt_1')).toBe(rows[0]?.[1]);
  });

  it('take no more memory than they may, and the newest stay', () => {
    const recent = new RecentEvents(10_000);
    const ids = Array.from({ length: 1_000 }, (_, at) => `evt_${at}`);
    for (const id of ids) recent.keep([row(id, 100)]);
    const kept = ids.filter((id) => recent.take(id) !== undefined);
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThan(100);
    expect(kept.at(-1)).toBe('evt_999');
    expect(kept).toEqual(ids.slice(-kept.length));
    recent.keep([row('huge', 20_000)]);
    expect(recent.take('huge')).toBeUndefined();
    recent.keep([row('evt_again')]);
    expect(recent.take('evt_again')).toBeDefined();
  });

  it('are given in the order of their numbers as far as there is no gap', () => {
    const recent = new RecentEvents();
    const [one, two, other, three] = ['one', 'two', 'other', 'three'].map((id) => row(id));
    if (one === undefined || two === undefined || other === undefined || three === undefined) return;
    recent.keep([three, other, one, two]);
    recent.number([three], 8);
    recent.number([one, two], 6);
    recent.number([other], undefined);
    expect(recent.takeFollowing(3, 10)).toEqual([]);
    expect(recent.takeFollowing(4, 10)).toEqual([
      { sequence: 5, text: one[1] },
      { sequence: 6, text: two[1] },
    ]);
    expect(recent.takeFollowing(4, 10)).toEqual([]);
    expect(recent.takeFollowing(7, 0)).toEqual([]);
    expect(recent.takeFollowing(7, 1)).toEqual([{ sequence: 8, text: three[1] }]);
    expect(recent.take('other')).toBe(other[1]);
    recent.number([row('gone')], 9);
    expect(recent.takeFollowing(8, 1)).toEqual([]);
  });

  it.each([
    ['{"id":"evt_1","timeMs":1}', 'evt_1'],
    ['{"timeMs":1,"id":"evt_1"}', undefined],
    [`{"id":"${'x'.repeat(64)}"}`, undefined],
    ['{"id":"evt_1', undefined],
    ['{"id":5}', undefined],
    ['', undefined],
  ])('have the id that %s begins with', (text, id) => {
    expect(idOfText(text)).toBe(id);
    expect(idOfText(text.slice(0, 64))).toBe(id);
  });
});
