import { expect, it } from 'vitest';
import { drawn, madeGithubToken, madePrivateKey } from '../testing/made-secrets.ts';
import { accountOfAccessKey, isAccessKeyOfAws } from './aws.ts';
import { crc32Suffix, hasCrc32Suffix } from './crc32-suffix.ts';
import { isDiscordToken } from './discord.ts';
import { entropyOf } from './entropy.ts';
import { isJsonWebToken } from './json-web-token.ts';
import { isMadeUp } from './made-up.ts';
import { isPrivateKey } from './private-key.ts';

it('a token of GitHub ends with the checksum of its random part', () => {
  // Revoked, and published by its owner to show the checksum (gist of coolaj86, 2022).
  expect(crc32Suffix(['zQWBuTSOoRi4A9', 'spHcVY5ncnsDkxkJ'].join(''))).toBe('0mLq17');
  expect(hasCrc32Suffix(madeGithubToken('a'))).toBe('holds');
  const [head, tail] = [madeGithubToken('a').slice(0, 10), madeGithubToken('a').slice(11)];
  expect(hasCrc32Suffix(`${head}#${tail}`)).toBe('refuted');
});

it('an access key of AWS names an account of twelve digits, or is an old one', () => {
  // Published with its account by those who found out the format (awsteele.com, 2020).
  expect(accountOfAccessKey(['ASIA', 'Y34FZKBOKMUTVV7A'].join(''))).toBe(609_629_065_308n);
  expect(isAccessKeyOfAws(['AKIA', 'Y34FZKBOKMUTVV7A'].join(''))).toBe('holds');
  expect(isAccessKeyOfAws(['AKIA', '7777777777777777'].join(''))).toBe('refuted');
  expect(accountOfAccessKey(['AKIA', 'AAAAAAAAAAAAAAAA'].join(''))).toBeUndefined();
  expect(isAccessKeyOfAws('AKIA1')).toBe('impossible');
});

it('a private key is DER in base64, and words between its lines are documentation', () => {
  const key = madePrivateKey();
  expect(isPrivateKey(key)).toBe('holds');
  expect(isPrivateKey(key.replaceAll('\n', '\\n'))).toBe('holds');
  expect(
    isPrivateKey(
      key
        .split('\n')
        .map((line) => `    "${line}\\n" +`)
        .join('\n'),
    ),
  ).toBe('holds');
  const lines = key.split('\n');
  const body = 'A'.repeat(200);
  expect(isPrivateKey([lines[0], body, lines.at(-2)].join('\n'))).toBe('impossible');
  expect(isPrivateKey([lines[0], 'your key goes here', lines.at(-2)].join('\n'))).toBe('impossible');
});

it('a JSON web token has a header with an algorithm, a payload and a signature', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signature = drawn(43, 'signature');
  expect(isJsonWebToken(`${part({ alg: 'ES256' })}.${part({ sub: 'a' })}.${signature}`)).toBe('holds');
  expect(isJsonWebToken(`${part({ typ: 'JWT' })}.${part({ sub: 'a' })}.${signature}`)).toBe('impossible');
  expect(isJsonWebToken(`${part({ alg: 'ES256' })}.${part({ sub: 'a' })}.`)).toBe('impossible');
  expect(isJsonWebToken(`${Buffer.from('null').toString('base64url')}.x.y`)).toBe('impossible');
});

it('a token of Discord begins with the number of its bot', () => {
  const id = Buffer.from('123456789012345678').toString('base64url');
  expect(isDiscordToken(`${id}.abcdef.${drawn(27, 'bot')}`)).toBe('holds');
  expect(isDiscordToken(`${drawn(24, 'no')}.abcdef.${drawn(27, 'bot')}`)).toBe('impossible');
});

it('entropy is measured in bits per character', () => {
  expect([entropyOf('aaaa'), entropyOf('abab'), entropyOf('abcd')]).toEqual([0, 1, 2]);
  expect(entropyOf('')).toBe(0);
});

it('what people type where a secret would stand is made up', () => {
  for (const value of [
    'your-token-here',
    'xxxxxxxxxxxx',
    'AKIAIOSFODNN7EXAMPLE',
    '<api key>',
    'aaaaaaaaaaaaaaaaaaaaaaab',
  ]) {
    expect([value, isMadeUp(value)]).toEqual([value, true]);
  }
  expect(isMadeUp(drawn(40, 'x'))).toBe(false);
});
