import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditEventType } from '#audit/event.ts';
import type { Event } from '#api/event.ts';
import { createEventPrinter, shortenRef } from './event-line.ts';

const EXPIRES_MS = Date.parse('2026-11-23T01:31:54.000Z');
const identity = {
  project: { path: 'acme/shop', id: '456789' },
  ref: { full: 'refs/heads/main' },
  environment: { name: 'production' },
};

function event(type: string, body: Record<string, unknown> = {}, more: Partial<Event> = {}): Event {
  return {
    id: 'evt_1',
    sequence: 1,
    time: '2026-11-23T01:26:54.000Z',
    type,
    actor: { kind: 'workload', id: 'github/repo:acme@123456/shop@456789:environment:production' },
    decision: 'dec_01M8306QTWA8NW4F2YRA8V6HVZ',
    resource: 'shop-db',
    body,
    ...more,
  };
}

function print(...events: readonly Event[]): string {
  return events.map(createEventPrinter({ color: false, ids: true, indent: '' })).join('');
}

describe('the record in words', () => {
  it('says what a report changed, and what was decided about findings', () => {
    const person = { kind: 'person', id: 'mia' } as const;
    const counts = [{ new: 3, reopened: 0, fixed: 1 }, { new: 2, reopened: 1, fixed: 0 }, 'odd'];
    const decision = { action: 'accept', reason: 'only in tests' };
    const plain = { decision: undefined, resource: undefined };
    const lines = print(
      event(
        'findings.imported',
        { repository: 'acme/shop', name: 'a.sarif', report: 'rep_1', counts },
        plain,
      ),
      event(
        'finding.triaged',
        { repository: 'acme/shop', findings: ['fnd_1', 'fnd_2'], decision },
        { actor: person },
      ),
      event('finding.acceptance_ended', { repository: 'acme/shop', findings: ['fnd_1'] }, plain),
    );
    expect(lines).toContain('report on acme/shop: a.sarif');
    expect(lines).toContain('5 new, 1 came back, 1 fixed');
    expect(lines).toContain('findings of acme/shop: accept, 2 by mia');
    expect(lines).toContain('only in tests');
    expect(lines).toContain('findings of acme/shop: an acceptance ended');
    expect(lines.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('says what happened, to whom, and where the decision can be looked up', () => {
    const server = { kind: 'server', id: 'vm' } as const;
    expect(
      print(
        event('decision.allowed', { identity, sourceIp: '192.0.2.7', holder: 'thumbprint' }),
        event('credential.issued', { expiresAtMs: EXPIRES_MS }),
        event('lease.renewal_failed', { error: 'the database does not answer' }),
        event('lease.revoked', {}, { actor: server }),
        event(
          'decision.denied',
          { denial: { code: 'token_expired' } },
          { actor: { kind: 'workload', id: 'unverified' } },
        ),
        event(
          'configuration.applied',
          { id: 'cfg_01M8306QCGWTJRZ0ZHKW2EFSZK' },
          { decision: undefined, actor: server },
        ),
        event('something.new', { size: 3 }, { time: '2026-11-24T00:00:00.000Z' }),
      ),
    ).toMatchInlineSnapshot(`
      "2026-11-23 (UTC)
      01:26:54  allowed: shop-db to acme/shop@main (production)
                from 192.0.2.7, key proved          dec_01M8306QTWA8NW4F2YRA8V6HVZ
      01:26:54  issued: shop-db until 01:31:54      dec_01M8306QTWA8NW4F2YRA8V6HVZ
      01:26:54  NOT RENEWED: shop-db
                the database does not answer        dec_01M8306QTWA8NW4F2YRA8V6HVZ
      01:26:54  revoked: shop-db by the server      dec_01M8306QTWA8NW4F2YRA8V6HVZ
      01:26:54  DENIED: shop-db to a token that was not verified
                token_expired                       dec_01M8306QTWA8NW4F2YRA8V6HVZ
      01:26:54  configuration applied               cfg_01M8306QCGWTJRZ0ZHKW2EFSZK
      2026-11-24 (UTC)
      00:00:00  something.new: shop-db
                size 3                              dec_01M8306QTWA8NW4F2YRA8V6HVZ
      "
    `);
  });

  it('knows every kind of event', () => {
    for (const type of AuditEventType.options) expect(print(event(type)), type).not.toContain(type);
  });

  it('is red on a terminal where something was refused, and nowhere else', () => {
    const colored = (each: Event) => createEventPrinter({ color: true, ids: true, indent: '' })(each);
    expect(colored(event('decision.denied'))).toContain('\u001b[31mDENIED: shop-db');
    expect(colored(event('lease.revoked'))).not.toContain('\u001b[31m');
  });

  it('takes at most two lines of 80 columns, whatever an event holds, and sends no control character', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer(),
      fc.constant('::error::x'),
    );
    const bodies = fc.dictionary(
      fc.constantFrom(
        'identity',
        'denial',
        'error',
        'names',
        'expiresAtMs',
        'problems',
        'sourceIp',
        'id',
        'role',
      ),
      fc.oneof(texts, fc.array(texts), fc.dictionary(fc.constantFrom('code', 'message', 'project'), texts)),
    );
    const types = fc.constantFrom(...AuditEventType.options, 'something.new');
    fc.assert(
      fc.property(types, bodies, fc.string({ maxLength: 200 }), (type, body, resource) => {
        const text = print(event(type, body, { resource }));
        const lines = text.trimEnd().split('\n').slice(1);
        expect(lines.length).toBeLessThanOrEqual(2);
        // An id of the body is not shortened, so that it can be copied; ours all have one length.
        if (typeof body['id'] !== 'string')
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        expect(text).not.toMatch(/^\s*::/mu);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['refs/heads/main', 'main'],
    ['refs/tags/v1', 'tags/v1'],
    ['acme/shop@refs/pull/7/merge (preview)', 'acme/shop@pull/7/merge (preview)'],
  ])('shortens %s to %s', (long, short) => {
    expect(shortenRef(long)).toBe(short);
  });
});
