import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { BoundedResponse } from '#core/bounded-fetch.ts';
import { Secret } from '#core/secret.ts';
import { Activity, toActivity } from './activity.ts';
import type { InputContext, InputKind, SourceRecord } from './input.ts';
import { InputError } from './input-error.ts';
import { inputKinds } from './kinds.ts';
import { keepRaw } from './raw-record.ts';

const NOW_MS = 1_767_225_600_000;
const SECRET = ['held', 'by', 'the', 'input'].join('-');

/** The least that each kind needs; a kind without an entry here fails. */
const SETTINGS: Readonly<Record<string, object>> = {
  'github-audit-log': { organization: 'acme', token: { env: 'T' } },
  'gitlab-audit-events': { token: { env: 'T' } },
  'cloudtrail-files': { folder: '/nonexistent/trail' },
  hec: { token: { env: 'T' } },
  webhook: { scheme: 'github', secret: { env: 'T' } },
};

const kinds = [...inputKinds].map(([id, kind]) => [id, kind] as const);

function contextWith(answer: Partial<BoundedResponse>): InputContext {
  return {
    clock: { nowMs: () => NOW_MS },
    resolveSecret: async () => new Secret(SECRET),
    fetch: async () => ({ status: 200, headers: {}, body: '[]', ...answer }),
  };
}

function settingsOf(id: string, kind: InputKind): object {
  return kind.settings.parse(SETTINGS[id]);
}

function checkRecords(records: readonly SourceRecord[]): void {
  for (const { draft, raw } of records) {
    const activity = toActivity(draft, { input: 'in', receivedAtMs: NOW_MS, raw: keepRaw(raw) });
    if (activity !== undefined) expect(Activity.safeParse(activity).error).toBeUndefined();
    expect(JSON.stringify(activity ?? {})).not.toContain(SECRET);
  }
}

describe.each(kinds)('the input %s', (id, kind) => {
  test('is described, under its own id, with settings an editor can show', () => {
    expect(kind.id).toBe(id);
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect([kind.title, kind.description].every((text) => text.length > 5)).toBe(true);
    expect(z.toJSONSchema(kind.settings, { io: 'input' })).toMatchObject({ type: 'object' });
  });

  test('refuses what it does not know, and a secret in the place of a reference', () => {
    const settings = SETTINGS[id] ?? {};
    expect(kind.settings.safeParse(settings).success).toBe(true);
    expect(kind.settings.safeParse({ ...settings, unknown: 1 }).success).toBe(false);
    for (const name of ['token', 'secret'])
      if (name in settings) expect(kind.settings.safeParse({ ...settings, [name]: 'x' }).success).toBe(false);
  });

  test('meets anything that is answered or delivered with records or with an error of its own', async () => {
    const { signal } = new AbortController();
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom(200, 204, 302, 401, 403, 429, 500),
        async (value, status) => {
          const body = JSON.stringify(value);
          if (kind.mode === 'poll') {
            const poller = kind.open(settingsOf(id, kind), contextWith({ status, body }));
            try {
              const poll = await poller.poll(undefined, signal);
              checkRecords(poll.records);
              expect(poll.position).not.toContain(SECRET);
            } catch (error) {
              expect(error).toBeInstanceOf(InputError);
              expect(String(error)).not.toContain(SECRET);
            }
            return;
          }
          const receiver = kind.open(settingsOf(id, kind), contextWith({}));
          const header = () => undefined;
          expect((await receiver.admit(header))?.status ?? 401).toBe(401);
          const answer = await receiver.receive({ header, body: Buffer.from(body) });
          checkRecords(answer.records);
          expect(JSON.stringify(answer.body)).not.toContain(SECRET);
        },
      ),
      { numRuns: 60 },
    );
  });
});
