import { describe, expect, it } from 'vitest';
import { Secret } from '#core/secret.ts';
import { deriveScramVerifier, newPassword } from './scram-verifier.ts';

describe('a SCRAM verifier', () => {
  it('is what PostgreSQL computes for the same password, salt and count', async () => {
    // Made by PostgreSQL 15: CREATE ROLE … PASSWORD 'pencil', read back from pg_authid.
    const stored =
      'SCRAM-SHA-256$4096:LAbG3/X3Xs2AsF+SpnhGtQ==$nRO3cqHRiK8pV66rM7VSzMWisjfVInYDUyXbR8ZOP9I=:nWl5dvTd3UUEH/oI96l/Gamjroc7DQAOFKnc3BrdYkg=';
    const salt = Buffer.from(stored.slice('SCRAM-SHA-256$4096:'.length).split('$')[0] ?? '', 'base64');
    expect(await deriveScramVerifier(new Secret('pencil'), salt)).toBe(stored);
  });

  it('differs each time, as the salt does', async () => {
    const password = new Secret('pencil');
    expect(await deriveScramVerifier(password)).not.toBe(await deriveScramVerifier(password));
  });
});

describe('a new password', () => {
  it('has 256 random bits in characters that no shell, URL or SASLprep changes', () => {
    const passwords = Array.from({ length: 100 }, () => newPassword().reveal());
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(passwords).size).toBe(passwords.length);
  });
});
