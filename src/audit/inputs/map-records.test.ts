import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Activity, boundText, toActivity } from './activity.ts';
import { mapCloudTrailRecord } from './cloudtrail/map-record.ts';
import { mapGithubEntry } from './github/map-audit-entry.ts';
import { mapGitlabEvent } from './gitlab/map-audit-event.ts';
import { decisionIn, identityKey } from './identity-keys.ts';
import { keepRaw, RAW_CHARS_MAX } from './raw-record.ts';
import { momentField, textField } from './record-fields.ts';

const NOW_MS = 1_767_225_600_000;
const DECISION = 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA';

const mappers = [mapGithubEntry, mapGitlabEvent, mapCloudTrailRecord];

function activityOf(record: ReturnType<typeof mapGithubEntry>): Activity | undefined {
  if (record === undefined) return undefined;
  return toActivity(record.draft, { input: 'in', receivedAtMs: NOW_MS, raw: keepRaw(record.raw) });
}

describe('an entry of GitHub', () => {
  test('is known by ids, of the person, the repository and the run', () => {
    const entry = {
      '@timestamp': NOW_MS - 5,
      _document_id: 'doc-1',
      action: 'workflows.completed_workflow_run',
      actor: 'octo',
      actor_id: 583_231,
      actor_ip: '192.0.2.7',
      repo: 'acme/shop',
      repo_id: 74,
      workflow_run_id: 9_876,
      conclusion: 'failure',
      token_id: 12,
      hashed_token: 'abc',
    };
    const activity = activityOf(mapGithubEntry(entry));
    expect(activity).toMatchObject({
      externalId: 'doc-1',
      timeMs: NOW_MS - 5,
      actor: { id: '583231', name: 'octo' },
      target: 'acme/shop',
      outcome: 'failure',
      addresses: ['192.0.2.7'],
      keys: ['actor:github/583231', 'project:github/74', 'run:github/9876'],
    });
    expect(JSON.parse(activity?.raw ?? '')).toMatchObject({ hashed_token: '[redacted]', token_id: 12 });
  });

  test('without an id is known by its content', () => {
    const one = activityOf(mapGithubEntry({ action: 'a', actor: 'x' }));
    const same = activityOf(mapGithubEntry({ action: 'a', actor: 'x' }));
    const other = activityOf(mapGithubEntry({ action: 'a', actor: 'y' }));
    expect(one?.id).toBe(same?.id);
    expect(one?.id).not.toBe(other?.id);
  });
});

describe('an event of GitLab', () => {
  test.each([
    [{ event_type: 'project_created' }, 'project_created'],
    [{ details: { event_name: 'login' } }, 'login'],
    [{ details: { change: 'visibility' } }, 'change: visibility'],
    [{ details: { custom_message: 'Message' } }, 'Message'],
  ])('is named by what it has: %o', (fields, action) => {
    const event = { id: 7, created_at: '2026-01-01T00:00:00.000Z', author_id: 3, ...fields };
    const activity = activityOf(mapGitlabEvent(event));
    expect(activity).toMatchObject({ action, externalId: '7', timeMs: NOW_MS, keys: ['actor:gitlab/3'] });
  });

  test('of nobody has no actor to be found by', () => {
    const event = { id: 8, event_type: 'x', author_id: -1, entity_type: 'Project', entity_id: 74 };
    expect(activityOf(mapGitlabEvent(event))?.keys).toEqual(['project:gitlab/74']);
  });
});

describe('a record of CloudTrail', () => {
  const base = { eventID: 'e', eventName: 'AssumeRoleWithWebIdentity', eventSource: 'sts.amazonaws.com' };

  test.each([
    [{ requestParameters: { roleSessionName: `vouchgate-${DECISION}` } }],
    [{ userIdentity: { principalId: `AROAX:vouchgate-${DECISION}` } }],
    [{ userIdentity: { arn: `arn:aws:sts::000000000000:assumed-role/r/vouchgate-${DECISION}` } }],
    [{ userIdentity: { sessionContext: { sourceIdentity: DECISION } } }],
    [{ responseElements: { assumedRoleUser: { arn: `arn:aws:sts::0:assumed-role/r/x-${DECISION}` } } }],
  ])('names our decision wherever the session’s name stands: %o', (fields) => {
    expect(activityOf(mapCloudTrailRecord({ ...base, ...fields }))?.keys).toContain(`decision:${DECISION}`);
  });

  test('that failed is a failure, and its session token is not kept', () => {
    const record = {
      ...base,
      errorCode: 'AccessDenied',
      responseElements: { credentials: { accessKeyId: 'ASIAEXAMPLE', sessionToken: 'live' } },
    };
    const activity = activityOf(mapCloudTrailRecord(record));
    expect(activity?.outcome).toBe('failure');
    expect(activity?.action).toBe('sts:AssumeRoleWithWebIdentity');
    expect(activity?.raw).not.toContain('live');
    expect(activity?.raw).toContain('ASIAEXAMPLE');
  });
});

describe('whatever comes', () => {
  test('is mapped to something that fits, or to nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const map of mappers) {
          const activity = activityOf(map(value));
          if (activity !== undefined) expect(Activity.safeParse(activity).error).toBeUndefined();
        }
      }),
    );
  });

  test.each(mappers)('stays bounded, however long its fields are: %o', (map) => {
    const long = 'x\0\u001b'.repeat(400_000);
    const names = ['id', 'eventID', '_document_id', 'action', 'event_type', 'eventName', 'actor', 'actor_id'];
    const record: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, long]));
    record['details'] = record['userIdentity'] = { ...record, principalId: long };
    const activity = activityOf(map(record));
    expect(Activity.safeParse(activity).error).toBeUndefined();
    expect(JSON.stringify(activity).length).toBeLessThan(40_000);
    // oxlint-disable-next-line no-control-regex -- the very thing
    expect(activity?.action).not.toMatch(/[\u0000-\u001f]/);
  });

  test('has two long ids for two records, though both are cut', () => {
    const of = (id: string) => activityOf(mapGithubEntry({ action: 'a', _document_id: id }))?.externalId;
    expect(of(`${'x'.repeat(5_000)}1`)).not.toBe(of(`${'x'.repeat(5_000)}2`));
  });

  test('from a clock that is far ahead counts as now', () => {
    const activity = activityOf(mapGithubEntry({ action: 'a', '@timestamp': NOW_MS + 86_400_000 }));
    expect(activity?.timeMs).toBe(NOW_MS);
  });

  test('reads own members only', () => {
    const record: unknown = JSON.parse('{"__proto__":{"action":"inherited"},"constructor":1}');
    expect(mapGithubEntry(record)).toBeUndefined();
    expect(textField(record, 'toString')).toBeUndefined();
    expect(JSON.parse(keepRaw(record))).toHaveProperty('constructor', 1);
  });
});

describe('a raw record', () => {
  test('is free of what is named like a secret, at any depth', () => {
    const secret = ['very', 'secret'].join('-');
    const record = {
      token: secret,
      a: [{ clientSecret: secret, PASSWORD: secret, authorization: secret }],
      credentials: { sessionToken: secret, expiration: 'tomorrow' },
      token_id: 5,
      programmatic_access_type: 'OAuth',
    };
    const raw = keepRaw(record);
    expect(raw).not.toContain(secret);
    expect(JSON.parse(raw)).toMatchObject({ token_id: 5, credentials: { expiration: 'tomorrow' } });
  });

  test('is bounded in depth, width and length', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    expect(keepRaw(deep).length).toBeLessThan(500);
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, 'v'.repeat(100)]));
    expect(keepRaw(wide).length).toBe(RAW_CHARS_MAX);
    expect(keepRaw({ text: '\uD800'.repeat(10) }).isWellFormed()).toBe(true);
  });
});

test('a moment may be a text, seconds or milliseconds', () => {
  const read = (value: unknown) => momentField({ value }, 'value');
  expect([read('2026-01-01T00:00:00Z'), read(1_767_225_600), read(NOW_MS)]).toEqual([NOW_MS, NOW_MS, NOW_MS]);
  expect([read('1767225600.25'), read('soon'), read(null), read({})]).toEqual([
    NOW_MS + 250,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a key needs an id, and a decision is found in a name of any length', () => {
  expect(identityKey('actor', undefined, 'github')).toBeUndefined();
  expect(decisionIn(`vouchgate-${DECISION}`)).toBe(DECISION);
  expect(decisionIn('x'.repeat(1_000_000))).toBeUndefined();
  expect(boundText('a\u001b[31mb')).toBe('a [31mb');
});
