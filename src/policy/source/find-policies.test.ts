import { describe, expect, it } from 'vitest';
import { findPolicies } from './find-policies.ts';

const FILE = {
  path: 'policies/shop.cedar',
  text: `// @id("comment") is no name
@id("first") permit (principal, action, resource);

@reason("says @id(\\"first\\")")
@id("second")
forbid (principal, action, resource) when { context.x == "@id(\\"third\\")" };
permit (principal, action, resource);
`,
};

describe('finding policies', () => {
  it('gives each as it was written, with its place', () => {
    expect(findPolicies([FILE], ['second', 'first'])).toEqual([
      {
        id: 'first',
        text: '@id("first") permit (principal, action, resource);',
        file: 'policies/shop.cedar',
        line: 2,
      },
      expect.objectContaining({ id: 'second', line: 4 }),
    ]);
  });

  it('takes nothing for a name but the annotation', () => {
    expect(findPolicies([FILE], ['third', 'comment', '', '__proto__'])).toEqual([]);
  });

  it('reads a long hostile text in time that grows with it', () => {
    const started = performance.now();
    const text = `${'@id('.repeat(250_000)}"x"`;
    expect(findPolicies([{ path: 'a.cedar', text }], ['x'])).toEqual([]);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
