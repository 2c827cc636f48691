import { expect, it } from 'vitest';
import { EMPTY_FORM, missingIn, writePolicy } from './form-policy.ts';

const form = { ...EMPTY_FORM, id: 'shop-deploy', principalId: 'github/456', resource: 'shop-db' };

it('the guided form writes what a person would have written', () => {
  const text = writePolicy({
    ...form,
    ref: 'refs/heads/main',
    environment: 'production',
    posture: true,
    comment: 'The shop deploys.',
  });
  expect(text).toBe(`// The shop deploys.
@id("shop-deploy")
permit (
  principal in Project::"github/456",
  action == Action::"issue",
  resource == Resource::"shop-db"
) when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has environment.name && principal.environment.name == "production" &&
  principal has forked && !principal.forked &&
  context has posture && context.posture.grade == "pass"
};
`);
});

it('no name and no comment can end a string or a line of it', () => {
  const text = writePolicy({
    ...form,
    ref: 'x" } permit',
    comment: 'a\npermit (principal, action, resource);',
    noForks: false,
  });
  expect(text).toContain(String.raw`principal.ref.full == "x\" } permit"`);
  expect(text.split('\n')[0]).toBe('// a permit (principal, action, resource);');
});

it('a ref with a star is a pattern', () => {
  expect(writePolicy({ ...form, ref: 'refs/tags/*' })).toContain('principal.ref.full like "refs/tags/*"');
});

it('the form says what is missing', () => {
  expect(Object.keys(missingIn(EMPTY_FORM))).toEqual(['id', 'principalId', 'resource']);
  expect(missingIn(form)).toEqual({});
});
