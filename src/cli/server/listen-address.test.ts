import { describe, expect, test } from 'vitest';
import { firstUrl, parseListen } from './listen-address.ts';

describe('an address to listen on', () => {
  test.each([
    ['127.0.0.1:8440', { host: '127.0.0.1', port: 8_440 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['vouchgate.internal:443', { host: 'vouchgate.internal', port: 443 }],
  ])('is read from %s', (text, expected) => expect(parseListen(text)).toEqual(expected));

  test.each(['8440', ':8440', '127.0.0.1', '127.0.0.1:65536', '::1:8440', 'http://127.0.0.1:8440', ''])(
    'is not read from "%s"',
    (text) => expect(() => parseListen(text)).toThrow('HOST:PORT'),
  );

  test.each([
    ['127.0.0.1:8440', false, 'http://127.0.0.1:8440'],
    ['0.0.0.0:8440', false, 'http://localhost:8440'],
    ['[::]:8440', true, 'https://localhost:8440'],
    ['[::1]:0', false, 'http://[::1]:8440'],
    ['vouchgate.internal:8440', false, 'https://vouchgate.internal:8440'],
  ])('%s (TLS: %s) is first published as %s', (text, hasTls, expected) =>
    expect(firstUrl(parseListen(text), hasTls)).toBe(expected),
  );
});
