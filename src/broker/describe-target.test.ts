import { describe, expect, it } from 'vitest';
import { describeTarget } from './describe-target.ts';

describe('what an unknown target is called', () => {
  it.each([
    ['shop-db', 'shop-db'],
    ['db2', 'db2'],
    ['Shop_DB', '(not a resource name)'],
    [`vgt_${'aB3'.repeat(14)}c`, '(not a resource name)'],
    ['eyJhbGciOiJSUzI1NiJ9.e30.c2ln', '(not a resource name)'],
    ['f00d'.repeat(10), '(not a resource name)'],
    [`a${'-a'.repeat(40)}`, '(not a resource name)'],
    ['a\nb', '(not a resource name)'],
  ])('a name %j is %j', (name, shown) => {
    expect(describeTarget({ name })).toBe(shown);
  });

  it.each([
    ['postgres://ann:hunter2@db.acme.example/shop?password=x', 'postgres://db.acme.example/…'],
    ['https://hooks.acme.example/T00/B00/secret', 'https://hooks.acme.example/…'],
    ['urn:acme:secret', 'urn:…'],
    ['no uri', '(not a URI)'],
  ])('a URI %j is %j', (uri, shown) => {
    expect(describeTarget({ uri })).toBe(shown);
  });
});
