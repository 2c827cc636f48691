import { describe, expect, it } from 'vitest';
import { compilePolicies } from './compile-policies.ts';
import { WAIVED, identityProviders, resources } from './policy.fakes.ts';

const SCOPE =
  'principal in Project::"github/456", action == Action::"issue", resource == Resource::"shop-db"';

async function problemsOf(text: string) {
  const compiled = await compilePolicies([{ path: 'policies/a.cedar', text }], resources, {
    identityProviders,
  });
  return compiled.ok ? [] : compiled.problems;
}

function withCondition(condition: string, kind = 'when'): string {
  return `// first line\n@id("deploy")\npermit (${SCOPE})\n${kind} { ${condition} };`;
}

describe('a policy with a name that does not exist is refused with the right one', () => {
  it.each([
    ['principal has projct && principal.projct.id == "1"', 'attribute_unknown', 'project', 22],
    ['principal.projct.id == "1"', 'attribute_unknown', 'project', 18],
    ['principal has project.idd && principal.project.idd == "1"', 'attribute_unknown', 'id', 30],
    ['principal has ref && principal.ref.ful == "x"', 'attribute_unknown', 'full', 43],
    ['principal has project_id', 'attribute_unknown', 'project.id', 22],
    ['principal.repository == "a"', 'attribute_unknown', 'project.path', 18],
    ['principal["enviroment"].name == "a"', 'attribute_unknown', 'environment', 18],
    ['context has sourceIP', 'attribute_unknown', 'sourceIp', 20],
    ['resource.privilegd', 'attribute_unknown', 'privileged', 17],
    ['principal in Projekt::"github/1"', 'entity_type_unknown', 'Project', 21],
    ['principal is Worklod', 'entity_type_unknown', 'Workload', 21],
    ['action == Action::"isue"', 'action_unknown', 'issue', 26],
    ['resource == Resource::"shop-bd"', 'resource_unknown', 'shop-db', 30],
    ['resource.name == "shop-bd"', 'resource_unknown', 'shop-db', 25],
    ['"é😀" == "x" || principal.projct.id == "1"', 'attribute_unknown', 'project', 34],
  ])('%s', async (condition, code, suggestion, column) => {
    const [problem] = await problemsOf(withCondition(condition));
    expect(problem).toMatchObject({
      code,
      file: 'policies/a.cedar',
      line: 4,
      column,
      policyId: 'deploy',
      message: expect.stringContaining(`did you mean \`${suggestion}\`?`),
    });
  });

  it('in a forbid as well, where Cedar itself would let it never apply', async () => {
    const text =
      '@id("no-forks") forbid (principal, action, resource) when { principal has forkd && principal.forkd };';
    expect(await problemsOf(text)).toMatchObject([
      { code: 'attribute_unknown', message: expect.stringContaining('`forked`') },
    ]);
  });

  it('in the scope', async () => {
    const problems = await problemsOf(`@id("a") permit (${SCOPE.replace('shop-db', 'shop-bd')});`);
    expect(problems).toMatchObject([{ code: 'resource_unknown', line: 1 }]);
  });

  it('and a claim is shown as a tag', async () => {
    const [problem] = await problemsOf(withCondition('principal.repo_property_team == "x"'));
    expect(problem?.remedy).toContain(
      'principal.hasTag("repo_property_team") && principal.getTag("repo_property_team")',
    );
  });
});

describe('what may be absent must be guarded', () => {
  it.each([
    ['principal.ref.full == "x"', 'attribute_may_be_absent', 'principal has ref.full'],
    ['principal has ref && principal.ref.full == "x"', 'attribute_may_be_absent', 'principal has ref.full'],
    [
      'principal has environment && principal.environment.protected',
      'attribute_may_be_absent',
      'principal has environment.protected',
    ],
    ['context.sourceIp.isInRange(ip("10.0.0.0/8"))', 'attribute_may_be_absent', 'context has sourceIp'],
    ['principal.getTag("team") == "x"', 'tag_may_be_absent', 'principal.hasTag("team")'],
  ])('%s', async (condition, code, guard) => {
    const [problem, ...others] = await problemsOf(withCondition(condition));
    expect(problem).toMatchObject({ code, line: 4, remedy: expect.stringContaining(guard) });
    expect(others).toEqual([]);
  });

  it('a type error at a guarded place is not taken for a missing guard', async () => {
    const [problem] = await problemsOf(withCondition('principal has trigger && principal.trigger < 3'));
    expect(problem).toMatchObject({
      code: 'policy_invalid',
      message: expect.stringContaining('expected Long'),
    });
  });
});

describe('a policy is refused', () => {
  it.each([
    ['without an @id', `permit (${SCOPE});`, 'policy_id_missing'],
    ['with an @id that no URL can hold', `@id("a b") permit (${SCOPE});`, 'policy_id_invalid'],
    ['that is a template', '@id("a") permit (principal == ?principal, action, resource);', 'policy_template'],
    ['with a syntax error', `@id("a") permit (${SCOPE}) when { principal = 3 };`, 'policy_syntax'],
    ['without its end', '@id("a") permit (principal, action', 'policy_syntax'],
    ['that can never match', withCondition('principal has trigger && false'), 'policy_impossible'],
    [
      'with == for a container',
      '@id("a") permit (principal == Project::"github/1", action, resource);',
      'policy_impossible',
    ],
    ['with text that is no policy', 'hello;', 'policy_syntax'],
  ])('%s', async (_what, text, code) => {
    expect(await problemsOf(text)).toMatchObject([
      { code, severity: 'error', remedy: expect.stringMatching(/./) },
    ]);
  });

  it('whose @id another file uses', async () => {
    const text = `@id("a") forbid (principal, action, resource);`;
    const files = ['b.cedar', 'a.cedar'].map((path) => ({ path, text }));
    expect(await compilePolicies(files, resources)).toMatchObject({
      ok: false,
      problems: [
        { code: 'policy_id_duplicate', file: 'b.cedar', message: expect.stringContaining('a.cedar, line 1') },
      ],
    });
  });

  it.each([
    ['brackets', `${'('.repeat(5_000)}true${')'.repeat(5_000)}`],
    ['operators', Array(20_000).fill('true').join(' && ')],
    ['a path', `principal${'.a'.repeat(20_000)}`],
    ['conditionals', `${'if true then '.repeat(5_000)}true${' else true'.repeat(5_000)}`],
    ['negations', `${'!('.repeat(5_000)}true${')'.repeat(5_000)}`],
    ['sets', `${'['.repeat(5_000)}${']'.repeat(5_000)} == []`],
  ])('whose %s would break the Cedar library, and the library still works', async (_what, condition) => {
    expect(await problemsOf(withCondition(condition))).toMatchObject([
      { code: 'policy_too_complex', line: 2 },
    ]);
    expect(await problemsOf('@id("a") forbid (principal, action, resource);')).toEqual([]);
  });

  it('in a file of more than a mebibyte', async () => {
    expect(await problemsOf(`// ${'x'.repeat(1_048_577)}`)).toMatchObject([
      { code: 'policy_file_too_large' },
    ]);
  });

  it('and the largest that is accepted does not break the library', async () => {
    const nested = `${'('.repeat(31)}${Array(801).fill('principal.provider == "github"').join(' || ')}${')'.repeat(31)}`;
    const text = `@id("a") ${WAIVED} permit (${SCOPE}) when { ${nested} };`;
    expect(await problemsOf(text)).toEqual([]);
  });
});

it('text that reads differently from what it is, is accepted with a warning', async () => {
  const condition =
    'principal has ref.full && principal.ref.full == "refs/heads/\u202Eniam" && principal has trigger && principal.trigger == "push"';
  const compiled = await compilePolicies([{ path: 'a.cedar', text: withCondition(condition) }], resources);
  expect(compiled).toMatchObject({
    ok: true,
    warnings: [{ code: 'policy_confusable', severity: 'warning' }],
  });
});

describe('what is accepted', () => {
  const text = `// Deployments\n\n@id("deploy")\n@owner("shop")\npermit (${SCOPE})\nwhen {\n  principal has ref.full && principal.ref.full == "refs/heads/main" &&\n  principal has trigger && principal.trigger == "push"\n};\n@id("none") forbid (principal, action, resource) when { principal has forked && principal.forked };`;

  it('is summarised with its place', async () => {
    const compiled = await compilePolicies([{ path: 'a.cedar', text }], resources, { identityProviders });
    expect(compiled).toMatchObject({ ok: true, warnings: [] });
    expect(compiled.ok && compiled.policies).toEqual([
      {
        id: 'deploy',
        file: 'a.cedar',
        line: 3,
        effect: 'permit',
        resource: 'shop-db',
        annotations: { id: 'deploy', owner: 'shop' },
      },
      { id: 'none', file: 'a.cedar', line: 10, effect: 'forbid', annotations: { id: 'none' } },
    ]);
  });

  it('has a version that changes with texts and resources, and not with the order of files', async () => {
    const versionOf = async (files: { path: string; text: string }[], known = resources) => {
      const compiled = await compilePolicies(files, known);
      return compiled.ok ? compiled.engine.version : 'refused';
    };
    const [first, second] = [
      { path: 'a.cedar', text },
      { path: 'b.cedar', text: '// nothing yet' },
    ];
    const version = await versionOf([first, second]);
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(await versionOf([second, first])).toBe(version);
    expect(await versionOf([first])).not.toBe(version);
    expect(
      await versionOf([first, second], [...resources, { name: 'c', privileged: false, tags: {} }]),
    ).not.toBe(version);
  });

  it('no policies at all are a valid set that denies', async () => {
    expect(await compilePolicies([], [])).toMatchObject({ ok: true, policies: [] });
  });
});

it('hot calls into the Cedar library do not bring the process down', async () => {
  // Node 20 aborted in V8's deoptimiser in most runs of such a loop, without the flag that loadCedar sets.
  const { loadCedar } = await import('./cedar-runtime.ts');
  const cedar = await loadCedar();
  let sum = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const answer = cedar.policyToJson(`permit (${SCOPE}) when { principal has ref.full && ${round} > 3 };`);
    sum += answer.type === 'success' ? answer.json.conditions.length : 0;
    if (round % 7 === 0) sum += JSON.stringify(answer).length % 2;
  }
  expect(sum).toBeGreaterThanOrEqual(3_000);
});
