import { describe, expect, it } from 'vitest';
import { FetchError } from '#core/fetch-error.ts';
import { Secret } from '#core/secret.ts';
import { quoteAnswer, readRetryAfter, troubleOf, troubleOfFetch } from './http-answer.ts';

const clock = { nowMs: () => Date.UTC(2026, 10, 23, 8) };
const kindOf = (status: number) => troubleOf({ status, headers: {}, body: '' }, clock, [])?.kind;

describe('an answer', () => {
  it('means what its status says', () => {
    expect([200, 202, 204].map(kindOf)).toEqual([undefined, undefined, undefined]);
    expect([400, 413, 422].map(kindOf)).toEqual(['split', 'split', 'split']);
    expect([408, 425, 429, 500, 503, 599].map(kindOf)).toEqual(Array.from({ length: 6 }, () => 'retry'));
    expect([401, 403, 404, 405, 410].map(kindOf)).toEqual(Array.from({ length: 5 }, () => 'refused'));
  });

  it('asks for patience in seconds or until a date, and is not believed when it makes no sense', () => {
    const after = (text: string) => readRetryAfter({ 'retry-after': text }, clock);
    expect(after('120')).toBe(120_000);
    expect(after('Mon, 23 Nov 2026 08:01:00 GMT')).toBe(60_000);
    expect(after('Mon, 23 Nov 2026 07:00:00 GMT')).toBe(0);
    for (const text of ['soon', '-5', '1e9', '9'.repeat(50), `${' '.repeat(100)}x`])
      expect(after(text)).toBeUndefined();
    expect(readRetryAfter({}, clock)).toBeUndefined();
  });

  it('is quoted short, printable and without what we showed it', () => {
    const secret = new Secret(['tok', 'en-value'].join(''));
    const said = `\u001b[2Jbad ${secret.reveal()} \u202e${'x'.repeat(2_000_000)}`;
    const shown = quoteAnswer(said, [secret, new Secret('')]);
    expect(shown).toMatch(/^\[2Jbad \[redacted\] x+$/);
    expect(shown.length).toBeLessThanOrEqual(300);
  });

  it('that never came is worth another try, unless our own guard refused', () => {
    expect(troubleOfFetch(new FetchError('fetch_timeout', 'late')).kind).toBe('retry');
    expect(troubleOfFetch(new FetchError('fetch_failed', 'reset')).kind).toBe('retry');
    expect(troubleOfFetch(new FetchError('fetch_address_forbidden', 'private')).kind).toBe('refused');
    expect(troubleOfFetch(new FetchError('fetch_redirect_forbidden', 'moved')).kind).toBe('refused');
    expect(() => troubleOfFetch(new TypeError('ours'))).toThrow('ours');
  });
});
