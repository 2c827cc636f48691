import { expect, it } from 'vitest';
import { KNOWN_ACTION_ROWS } from './known-action-rows.ts';

it.each(Object.entries(KNOWN_ACTION_ROWS))('has readable rows for %s', (name, rows) => {
  expect(name).toBe(name.toLowerCase());
  for (const row of rows) {
    expect(row).toMatch(
      /^\d+ (?:node\d\d|docker|composite|plugin) \|(?: [\w.-]+[!~]?)*(?: =)? \|(?: [\w.-]+)*(?: =)? ?$/,
    );
  }
  const majors = rows.map((row) => Number.parseInt(row, 10));
  expect(majors).toEqual([...new Set(majors)].sort((a, b) => a - b));
  expect(rows[0]).not.toContain('=');
});
