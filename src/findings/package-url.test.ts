import { expect, test } from 'vitest';
import { packageOfUrl } from './package-url.ts';

test.each([
  ['pkg:npm/%40acme/shop@1.0.0', '@acme/shop', '1.0.0', 'npm'],
  ['pkg:maven/org.acme/cart@2.1?type=jar', 'org.acme:cart', '2.1', 'maven'],
  ['pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64', 'libc6', '2.36-9+deb12u4', 'deb'],
  ['pkg:golang/golang.org/x/text@v0.3.0#language', 'golang.org/x/text', 'v0.3.0', 'golang'],
  ['pkg:pypi/Django', 'Django', undefined, 'pypi'],
])('%s', (purl, name, version, ecosystem) => {
  expect(packageOfUrl(purl)).toEqual({
    name,
    ...(version === undefined ? {} : { version }),
    purl,
    ecosystem,
  });
});

test.each(['', 'npm/shop', 'pkg:', 'pkg:npm', 'pkg:npm/', `pkg:npm/${'a'.repeat(3_000)}`])(
  '%s is none',
  (purl) => {
    expect(packageOfUrl(purl)).toBeUndefined();
  },
);

test('a broken escape is kept as it is', () => {
  expect(packageOfUrl('pkg:npm/a%zz@1')).toMatchObject({ name: 'a%zz', version: '1' });
});
