import { describe, expect, it } from 'vitest';
import { pendingMigrations } from './migrations.ts';

const steps = [
  { name: 'one', sql: '1' },
  { name: 'two', sql: '2' },
];

describe('migrations', () => {
  it('are those after the version of the store', () => {
    expect(pendingMigrations(0, steps)).toEqual(steps);
    expect(pendingMigrations(1, steps)).toEqual(steps.slice(1));
    expect(pendingMigrations(2, steps)).toEqual([]);
  });

  it('refuse a store of a newer version', () => {
    expect(() => pendingMigrations(3, steps)).toThrow(
      expect.objectContaining({ code: 'store_version_unknown' }),
    );
  });
});
