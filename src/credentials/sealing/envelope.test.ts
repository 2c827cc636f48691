import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '#core/secret.ts';
import { createSealer, PLAINTEXT_BYTES_MAX } from './envelope.ts';
import { SealingError, type SealingErrorCode } from './sealing-error.ts';

const CONTEXT = 'sealed-secret/deploy-key';
const CANARY = 'canary-8d1f0c';

function codeOf(act: () => unknown): SealingErrorCode | undefined {
  try {
    act();
  } catch (error) {
    expect(inspect(error)).not.toContain(CANARY);
    if (error instanceof SealingError) return error.code;
    throw error;
  }
  return undefined;
}

describe('sealer', () => {
  const sealer = createSealer(randomBytes(32));

  it('opens what it sealed, whatever the text and the context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[!-~]{1,80}$/), (text, context) => {
        const sealed = sealer.seal(new Secret(text), context);
        expect(sealed).toMatch(/^v1\.[\w-]{12}\.[\w-]{80}\.[\w-]+$/);
        expect(sealer.open(sealed, context).reveal()).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('seals one value differently each time', () => {
    const value = new Secret(CANARY);
    expect(sealer.seal(value, CONTEXT)).not.toBe(sealer.seal(value, CONTEXT));
  });

  it('refuses a value that was moved to another row', () => {
    const sealed = sealer.seal(new Secret(CANARY), CONTEXT);
    expect(codeOf(() => sealer.open(sealed, 'sealed-secret/other'))).toBe('sealed_not_authentic');
  });

  it('refuses a value of which any character was changed', () => {
    const sealed = sealer.seal(new Secret(CANARY), CONTEXT);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.stringMatching(/^[AZaz09\-_.v]$/), (index, replacement) => {
        fc.pre(sealed[index] !== replacement);
        const changed = sealed.slice(0, index) + replacement + sealed.slice(index + 1);
        expect(codeOf(() => sealer.open(changed, CONTEXT))).toMatch(/^sealed_/);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses another spelling of the same bytes', () => {
    const sealed = sealer.seal(new Secret('x'), CONTEXT);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const next = alphabet[alphabet.indexOf(sealed.slice(-1)) + 1];
    expect(codeOf(() => sealer.open(sealed.slice(0, -1) + next, CONTEXT))).toBe('sealed_malformed');
    expect(codeOf(() => sealer.open(`${sealed}=`, CONTEXT))).toBe('sealed_malformed');
  });

  it('refuses a wrapped key and a body that come from two values', () => {
    const [version, id, key] = sealer.seal(new Secret('one'), CONTEXT).split('.');
    const body = sealer.seal(new Secret('two'), CONTEXT).split('.')[3];
    expect(codeOf(() => sealer.open(`${version}.${id}.${key}.${body}`, CONTEXT))).toBe(
      'sealed_not_authentic',
    );
  });

  it('never crashes on arbitrary text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^v1(\.[\w-]{0,90}){0,5}$/)), (text) => {
        expect(codeOf(() => sealer.open(text, CONTEXT))).toMatch(/^sealed_/);
      }),
    );
  });

  it.each([
    ['', 'sealed_malformed'],
    ['plain text', 'sealed_malformed'],
    ['v2.a.b.c', 'sealed_version_unknown'],
    [`v1.a.${'A'.repeat(80)}.${'A'.repeat(40)}`, 'sealed_key_unknown'],
    [`v1.a.${'A'.repeat(80)}.${'A'.repeat(40)}.more`, 'sealed_malformed'],
    [`v1.a.${'A'.repeat(84)}.${'A'.repeat(40)}`, 'sealed_malformed'],
    ['x'.repeat(200_000), 'sealed_malformed'],
  ])('says %# with a code of its own', (text, code) => {
    expect(codeOf(() => sealer.open(text, CONTEXT))).toBe(code);
  });

  it('refuses what would not come back unchanged, or is too large', () => {
    expect(codeOf(() => sealer.seal(new Secret('\ud800'), CONTEXT))).toBe('sealing_value_invalid');
    const largest = 'x'.repeat(PLAINTEXT_BYTES_MAX);
    expect(sealer.open(sealer.seal(new Secret(largest), CONTEXT), CONTEXT).reveal()).toBe(largest);
    expect(codeOf(() => sealer.seal(new Secret(`${largest}x`), CONTEXT))).toBe('sealing_value_invalid');
  });

  it.each(['', 'two words', 'line\n', 'ü', 'x'.repeat(513)])('refuses the context %j', (context) => {
    expect(codeOf(() => sealer.seal(new Secret('x'), context))).toBe('sealing_context_invalid');
  });

  it.each([0, 16, 31, 33, 64])('refuses a master key of %i bytes', (bytes) => {
    expect(codeOf(() => createSealer(randomBytes(bytes)))).toBe('master_key_invalid');
  });
});

describe('rotation of the master key', () => {
  const first = randomBytes(32);
  const second = randomBytes(32);
  const sealed = createSealer(first).seal(new Secret(CANARY), CONTEXT);
  const both = createSealer({ current: second, previous: [first] });

  it('opens values of a previous master key and seals with the current one', () => {
    expect(both.open(sealed, CONTEXT).reveal()).toBe(CANARY);
    expect(both.seal(new Secret('x'), CONTEXT).split('.')[1]).toBe(both.masterKeyId);
  });

  it('reseals so that the previous master key is no longer needed', () => {
    const resealed = both.reseal(sealed, CONTEXT);
    expect(createSealer(second).open(resealed, CONTEXT).reveal()).toBe(CANARY);
    expect(codeOf(() => createSealer(first).open(resealed, CONTEXT))).toBe('sealed_key_unknown');
    expect(both.reseal(resealed, CONTEXT)).toBe(resealed);
  });

  it('does not reseal for another row', () => {
    expect(codeOf(() => both.reseal(sealed, 'sealed-secret/other'))).toBe('sealed_not_authentic');
  });

  it('does not reseal what was changed', () => {
    const [version, id, key, body = ''] = sealed.split('.');
    const changed = `${version}.${id}.${key}.${body.startsWith('A') ? 'B' : 'A'}${body.slice(1)}`;
    expect(codeOf(() => both.reseal(changed, CONTEXT))).toBe('sealed_not_authentic');
    expect(codeOf(() => createSealer(first).reseal(changed, CONTEXT))).toBe('sealed_not_authentic');
  });

  it('says that the master key is missing', () => {
    expect(codeOf(() => createSealer(second).open(sealed, CONTEXT))).toBe('sealed_key_unknown');
  });
});
