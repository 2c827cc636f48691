import { describe, expect, it } from 'vitest';
import type { PolicySchema } from '#api/access-use.ts';
import { completeCedar } from './complete-cedar.ts';

const attribute = (path: string, optional: boolean, values: string[] = []) => ({
  path,
  type: 'String',
  optional,
  doc: 'd',
  values,
});
const schema: PolicySchema = {
  attributes: [
    attribute('principal.provider', false),
    attribute('principal.ref.full', true, ['refs/heads/main']),
    attribute('context.keyBound', false),
  ],
  actions: ['issue', 'renew'],
  resources: [{ name: 'shop-db', privileged: true }],
  identityProviders: ['github'],
  projects: [{ id: 'github/456', path: 'acme/shop' }],
  orgs: [],
  postureConfigured: true,
};

const labels = (before: string) => completeCedar(before, schema)?.options.map(({ label }) => label);

describe('completion of Cedar', () => {
  it('offers attributes, those that may be absent with their guard', () => {
    expect(labels('when { principal.')).toEqual(['principal.provider', 'principal.ref.full']);
    const [option] = completeCedar('when { principal.ref', schema)?.options ?? [];
    expect(option?.apply).toBe('principal has ref.full && principal.ref.full');
    const guarded = completeCedar('principal has ref.full && principal.ref.f', schema);
    expect(guarded).toMatchObject({ replace: 15, options: [{ label: 'principal.ref.full' }] });
    expect(guarded?.options[0]?.apply).toBeUndefined();
  });

  it('offers what may be absent after `has`, and what was seen as a value', () => {
    expect(labels('principal has r')).toEqual(['ref.full']);
    expect(labels('principal.ref.full == "refs')).toEqual(['refs/heads/main']);
  });

  it('offers entities by their ids, with the name beside', () => {
    expect(completeCedar('principal in Project::"gi', schema)).toMatchObject({
      replace: 2,
      options: [{ label: 'github/456', detail: 'acme/shop' }],
    });
    expect(labels('resource == Resource::"')).toEqual(['shop-db']);
  });

  it('offers nothing inside of other strings', () => {
    expect(labels('@id("per')).toBeUndefined();
    expect(labels('per')).toContain('permit');
  });
});
