import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicies } from './compile-policies.ts';
import { identityProviders, productionJob, requestOf, resources } from './policy.fakes.ts';
import { suggestPolicy } from './suggest.ts';

const shopDb = { name: 'shop-db', privileged: true };

/** Names are chosen by strangers: line breaks, quotes, escapes, overrides, anything that is text. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\n@id("x") permit (principal, action, resource);',
    '"; permit',
    '*/',
    '\u2028',
    '\u202E',
    '\\u{41}',
    '"',
  ),
);

const hostileJob = fc.record(
  {
    subject: hostileText,
    org: fc.record({ id: hostileText, name: hostileText }, { requiredKeys: [] }),
    project: fc.record({ id: hostileText, path: hostileText }, { requiredKeys: [] }),
    ref: fc.record({ full: hostileText }),
    environment: fc.record({ name: hostileText }),
    trigger: fc.oneof(hostileText, fc.constantFrom('push', 'pull_request')),
    forked: fc.boolean(),
  },
  { requiredKeys: ['subject', 'ref'] },
);

describe('a suggested policy', () => {
  it('for a complete identity reads as a person would write it, and lints clean', async () => {
    const text = suggestPolicy({ identity: productionJob, resource: shopDb });
    expect(text).toBe(`// acme/shop@refs/heads/main (production) may have shop-db.
@id("shop-db-acme-shop")
permit (
  principal in Project::"github/456",
  action == Action::"issue",
  resource == Resource::"shop-db"
)
when {
  principal has ref.full && principal.ref.full == "refs/heads/main" &&
  principal has environment.name && principal.environment.name == "production" &&
  principal has trigger && principal.trigger == "push" &&
  principal has forked && !principal.forked
};
`);
    const compiled = await compilePolicies([{ path: 'a.cedar', text }], resources, { identityProviders });
    expect(compiled).toMatchObject({ ok: true, warnings: [] });
  });

  it('demands a good posture for what is privileged, where pipelines are inspected', async () => {
    const draft = (privileged: boolean) =>
      suggestPolicy({
        identity: productionJob,
        resource: { name: 'shop-db', privileged },
        inspected: true,
      });
    expect(draft(true)).toContain('&&\n  context has posture && context.posture.grade == "pass"\n};');
    expect(draft(false)).not.toContain('posture');
    const options = { identityProviders, posture: 'configured' } as const;
    const compiled = await compilePolicies([{ path: 'a.cedar', text: draft(true) }], resources, options);
    expect(compiled).toMatchObject({ ok: true, warnings: [] });
  });

  it('is one policy, without a blocking lint, that allows its workload and not another project, whatever the names', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(hostileJob, async (change) => {
        const {
          org: _org,
          project: _project,
          environment: _environment,
          trigger: _trigger,
          forked: _forked,
          ...rest
        } = productionJob;
        const identity = { ...rest, ...change };
        const text = suggestPolicy({ identity, resource: shopDb });
        const compiled = await compilePolicies([{ path: 'a.cedar', text }], resources, { identityProviders });
        if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
        expect(compiled.policies).toHaveLength(1);
        const { engine } = compiled;
        expect(engine.decide({ ...requestOf(), identity }).outcome).toBe('allow');
        const stranger = { ...identity, subject: 'other', project: { id: 'other' }, org: { id: 'other' } };
        expect(engine.decide({ ...requestOf(), identity: stranger }).outcome).toBe('deny');
      }),
      { numRuns: 150 },
    );
  });

  it('warns of forks, of pull requests and of an identity that says too little', () => {
    const {
      ref: _ref,
      environment: _environment,
      trigger: _trigger,
      forked: _forked,
      ...bare
    } = productionJob;
    expect(suggestPolicy({ identity: { ...productionJob, forked: true }, resource: shopDb })).toContain(
      'fork',
    );
    expect(
      suggestPolicy({ identity: { ...productionJob, trigger: 'pull_request' }, resource: shopDb }),
    ).toContain('without write access');
    expect(suggestPolicy({ identity: bare, resource: shopDb })).toContain('any job of this project fits');
  });
});
