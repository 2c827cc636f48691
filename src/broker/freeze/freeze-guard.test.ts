import { describe, expect, it } from 'vitest';
import { createFreezeSnapshot } from './freeze-guard.ts';
import type { Freeze } from './freeze.ts';

const subject = { identity: { provider: 'github', project: { path: 'acme/shop' } }, resource: 'shop-db' };
const FREEZE: Freeze = {
  id: 'frz_1',
  target: { kind: 'resource', name: 'shop-db' },
  reason: 'stolen',
  frozenBy: 'ann',
  frozenAtMs: 0,
  untilMs: undefined,
};

function open() {
  const time = { nowMs: 1_000_000 };
  const answers: (() => Promise<Freeze[]>)[] = [];
  const rows: Freeze[] = [];
  const snapshot = createFreezeSnapshot({
    store: { freezesInForce: () => answers.shift()?.() ?? Promise.resolve([...rows]) },
    clock: { nowMs: () => time.nowMs },
  });
  return { time, rows, answers, snapshot };
}

describe('what is frozen', () => {
  it('is unknown until it was read, which is not the same as nothing', async () => {
    const { snapshot } = open();
    expect(snapshot.check(subject)).toEqual({ state: 'unknown' });
    await snapshot.refresh();
    expect(snapshot.check(subject)).toEqual({ state: 'clear' });
  });

  it('is known from memory after that, and ends at its time without being read again', async () => {
    const { snapshot, rows, time } = open();
    rows.push({ ...FREEZE, untilMs: time.nowMs + 5_000 });
    await snapshot.refresh();
    expect(snapshot.check(subject)).toMatchObject({ state: 'frozen', freeze: { id: 'frz_1' } });
    expect(snapshot.check({ ...subject, resource: 'logs' })).toEqual({ state: 'clear' });
    time.nowMs += 5_000;
    expect(snapshot.check(subject)).toEqual({ state: 'clear' });
  });

  it('becomes unknown when the store does not answer for long, and stands until then', async () => {
    const { snapshot, rows, time, answers } = open();
    rows.push(FREEZE);
    await snapshot.refresh();
    answers.push(() => Promise.reject(new Error('down')));
    await expect(snapshot.refresh()).rejects.toThrow('down');
    time.nowMs += 15_000;
    expect(snapshot.check(subject)).toMatchObject({ state: 'frozen' });
    time.nowMs += 1;
    expect(snapshot.check(subject)).toEqual({ state: 'unknown' });
  });

  it('is not undone by an older answer that arrives late', async () => {
    const { snapshot, answers } = open();
    let release: (rows: Freeze[]) => void = () => {};
    answers.push(() => new Promise((resolve) => (release = resolve)));
    const slow = snapshot.refresh();
    answers.push(() => Promise.resolve([FREEZE]));
    await snapshot.refresh();
    release([]);
    await slow;
    expect(snapshot.check(subject)).toMatchObject({ state: 'frozen' });
  });
});
