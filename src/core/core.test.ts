import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { isId, newId } from './ids.ts';
import { createJsonLogger } from './log.ts';
import { Secret } from './secret.ts';

const CANARY = 'canary-5f1c';

it('a secret is printed by no implicit conversion', () => {
  const secret = new Secret(CANARY);
  const shown = [
    String(secret),
    // oxlint-disable-next-line typescript/restrict-template-expressions -- the very conversion that must not leak
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    secret + '',
    Object.keys(secret).join(),
    inspect(new Error('x', { cause: secret })),
  ];
  expect(shown.join('\n')).not.toContain(CANARY);
  expect(secret.reveal()).toBe(CANARY);
});

it('a log line is one line whatever its fields hold, and shows no secret', () => {
  const lines: string[] = [];
  const log = createJsonLogger({ level: 'info', now: () => 0, write: (line) => lines.push(line) });
  log.debug('not.written');
  log.warn('things.happened', {
    text: 'a\n{"level":"error"}',
    secret: new Secret(CANARY),
    error: new Error('boom'),
    big: 'x'.repeat(10_000),
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
  expect(lines[0]).not.toContain(CANARY);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    event: 'things.happened',
    error: 'boom',
    secret: '[redacted]',
  });
});

it('ids made later sort later, and no two are the same', () => {
  let nowMs = 1_700_000_000_000;
  const clock = { nowMs: () => nowMs };
  const first = newId('dec', clock);
  nowMs += 1;
  const second = newId('dec', clock);
  expect(first < second).toBe(true);
  expect(new Set(Array.from({ length: 20_000 }, () => newId('lse', clock))).size).toBe(20_000);
  expect(isId('dec', first)).toBe(true);
  expect(isId('lse', first)).toBe(false);
  expect(isId('dec', `${first}\n`)).toBe(false);
});
