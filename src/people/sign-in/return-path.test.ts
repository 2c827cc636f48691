import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnPathOf } from './return-path.ts';

describe('the way back after a sign-in', () => {
  it.each([
    ['/console/', '/console/'],
    ['/console/findings?severity=high&q=%2F%2F', '/console/findings?severity=high&q=%2F%2F'],
    ['/console/decisions/dec_1#facts', '/console/decisions/dec_1#facts'],
  ])('%s is kept', (wanted, expected) => {
    expect(returnPathOf(wanted)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    '/',
    'https://evil.example/console/',
    '//evil.example/console/',
    '/\\evil.example',
    '/console/\\..\\..',
    '/console/../../evil',
    '/console/..%2f..',
    '/console/%2e%2e/evil',
    '/console//evil.example\t',
    '/console/\r\nSet-Cookie: x=1',
    'javascript:alert(1)//console/',
    '/console/\u0000',
    '/consolee/',
    `/console/${'a'.repeat(3_000)}`,
  ])('%j stays within the console', (wanted) => {
    expect(new URL(returnPathOf(wanted), 'https://vouchgate.example').pathname).toMatch(/^\/console\//);
    expect(returnPathOf(wanted)).not.toMatch(/[\\\s]|^\/\//);
  });

  it('never leads to another host, whatever is asked for', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `/console/${text}`),
        ),
        (wanted) => {
          const url = new URL(returnPathOf(wanted), 'https://vouchgate.example');
          expect(url.origin).toBe('https://vouchgate.example');
          expect(url.pathname.startsWith('/console/')).toBe(true);
        },
      ),
    );
  });
});
