import { describe, expect, test } from 'vitest';
import { makePackageUrl, packageType } from './make-package-url.ts';

describe('a package URL', () => {
  test.each([
    ['npm', '@acme/shop', '1.0.0', 'pkg:npm/%40acme/shop@1.0.0'],
    ['PyPI', 'Zope.Interface_x', '5.0', 'pkg:pypi/zope-interface-x@5.0'],
    ['maven', 'org.acme:shop', '1', 'pkg:maven/org.acme/shop@1'],
    [
      'Go',
      'github.com/acme/shop',
      'v1.2.3+incompatible',
      'pkg:golang/github.com/acme/shop@v1.2.3+incompatible',
    ],
    ['Packagist', 'acme/shop', undefined, 'pkg:composer/acme/shop'],
    ['crates.io', 'time', '0.1.43', 'pkg:cargo/time@0.1.43'],
    ['Debian:12', 'zlib1g', '1:1.2', 'pkg:deb/debian/zlib1g@1:1.2'],
    ['rubygems', 'rack', '2.2', 'pkg:gem/rack@2.2'],
  ])('of %s %s', (ecosystem, name, version, expected) => {
    expect(makePackageUrl(ecosystem, name, version)).toBe(expected);
  });

  test('is not made up for an ecosystem that has no type, nor for what cannot be encoded', () => {
    expect(makePackageUrl('constructor', 'a')).toBeUndefined();
    expect(makePackageUrl(undefined, 'a')).toBeUndefined();
    expect(makePackageUrl('npm', undefined)).toBeUndefined();
    expect(makePackageUrl('npm', 'a\uD800')).toBeUndefined();
    expect(packageType('__proto__')).toBeUndefined();
  });
});
