import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { splitFixture } from '../../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../../testing/scan-text.ts';
import type { JudgedGuard } from '../judged-guard.ts';
import { view } from '../view.ts';

function guardsOf(text: string): readonly JudgedGuard[] {
  const scan = scanFiles(splitFixture(`# --- .gitlab-ci.yml\n${text}`));
  const built = view.build({
    repositories: [{ prefix: '', root: '', scan }],
    asOfMs: TEST_DAY_MS,
    inputs: {},
  });
  return (built as { guards: readonly JudgedGuard[] }).guards;
}

const job = (...keys: string[]) =>
  `deploy:\n  script: ./deploy.sh "$DEPLOY_TOKEN"\n${keys.map((key) => `  ${key}\n`).join('')}`;
const rules = (...clauses: string[]) => job(`rules: [${clauses.map((each) => `{ ${each} }`).join(', ')}]`);
const when = (condition: string) => rules(`if: '${condition}'`);

/** The passages of developers by event, those that are `no` left out, and the verdict. */
function developers(text: string): Readonly<Record<string, string>> {
  const [guard] = guardsOf(text);
  if (guard === undefined) return {};
  const rows = guard.rows
    .map(({ event, passages }) => [event, passages['developer'] ?? ''] as const)
    .filter(([, passage]) => passage !== 'no');
  return { ...Object.fromEntries(rows), verdict: guard.verdict };
}
const PUSHED = { branch: 'yes', schedule: 'yes', 'by hand, API or others': 'yes' };
const REQUESTED = { 'merge request of a fork': 'yes', 'merge request': 'yes' };
const MERGED = { 'default branch': 'waits' };

it.each([
  ['$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH', { ...MERGED, verdict: 'waits' }],
  ['$CI_COMMIT_BRANCH == "main"', { ...MERGED, verdict: 'waits' }],
  ['$CI_COMMIT_BRANCH == "master"', { ...MERGED, verdict: 'waits' }],
  ['$CI_COMMIT_BRANCH', { ...PUSHED, ...MERGED, verdict: 'yes' }],
  ['$CI_COMMIT_TAG', { tag: 'yes', verdict: 'yes' }],
  ['$CI_PIPELINE_SOURCE == "schedule"', { schedule: 'yes', verdict: 'yes' }],
  ['$CI_PIPELINE_SOURCE == "web"', { 'by hand, API or others': 'yes', verdict: 'yes' }],
  ['$CI_PIPELINE_SOURCE == "merge_request_event"', { ...REQUESTED, verdict: 'yes' }],
  // Whoever opens it chooses the target.
  ['$CI_MERGE_REQUEST_TARGET_BRANCH_NAME == "main"', { ...REQUESTED, verdict: 'yes' }],
  ['$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == $CI_PROJECT_PATH', { 'merge request': 'yes', verdict: 'yes' }],
  ['$CI_COMMIT_REF_PROTECTED == "true"', { ...MERGED, tag: 'maybe', verdict: 'maybe' }],
])('%s lets developers in by %j', (condition, expected) => {
  expect(developers(when(condition))).toEqual(expected);
});

it('a branch by name may be protected, and a variable may be forbidden to whoever starts a run', () => {
  expect(developers(when('$CI_COMMIT_BRANCH == "staging"'))).toEqual({
    branch: 'maybe',
    schedule: 'maybe',
    'by hand, API or others': 'maybe',
    verdict: 'maybe',
  });
  const given = `variables: { RELEASE: "no" }\n${when('$RELEASE == "yes"')}`;
  expect(developers(given)).toEqual({ 'by hand, API or others': 'maybe', verdict: 'maybe' });
});

it.each([
  // Whoever makes a branch or a tag chooses a name that fits.
  ['$CI_COMMIT_TAG =~ /^v[0-9]+\\.[0-9]+/', { tag: 'yes', verdict: 'yes' }],
  ['$CI_COMMIT_TAG =~ /^release-/', { tag: 'maybe', verdict: 'maybe' }],
  ['$CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH !~ /^(main|release)/', { ...PUSHED, verdict: 'yes' }],
  // What is not there does not match, either: tags and merge requests have no branch.
  ['$CI_COMMIT_BRANCH !~ /^(main|release)/', { ...PUSHED, ...REQUESTED, tag: 'yes', verdict: 'yes' }],
  [
    '$CI_COMMIT_BRANCH =~ /^ma(?=in)/',
    { branch: 'maybe', ...MERGED, schedule: 'maybe', 'by hand, API or others': 'maybe', verdict: 'maybe' },
  ],
])('works out short patterns: %s', (condition, expected) => {
  expect(developers(when(condition))).toEqual(expected);
});

it('says that the default branch is out where a pattern says so', () => {
  const [guard] = guardsOf(when('$CI_COMMIT_BRANCH =~ /^feature/'));
  expect(guard?.rows.find(({ event }) => event === 'default branch')).toBeUndefined();
});

it('parts that are worth the same are one reason', () => {
  const [guard] = guardsOf(when('$CI_COMMIT_BRANCH == "a" || $CI_COMMIT_BRANCH == "b"'));
  expect(guard?.reasons).toEqual([
    { part: '$CI_COMMIT_BRANCH == "a"', why: expect.stringContaining('(and 1 more like it)') },
  ]);
});

it('a way to start that is not in the file may be there', () => {
  expect(developers(when('$CI_PIPELINE_SOURCE == "parent_pipeline"'))).toEqual({
    'by hand, API or others': 'maybe',
    verdict: 'maybe',
  });
});

it('the first rule that holds decides, and never is never', () => {
  const text = rules(`if: '$CI_PIPELINE_SOURCE == "schedule"', when: never`, `if: $CI_COMMIT_BRANCH`);
  expect(developers(text)).toEqual({
    branch: 'yes',
    'by hand, API or others': 'yes',
    ...MERGED,
    verdict: 'yes',
  });
  expect(developers(rules('when: never'))).toEqual({ verdict: 'no' });
});

it('outsiders get no further than a member who starts a pipeline for them', () => {
  const [guard] = guardsOf(when('$CI_PIPELINE_SOURCE == "merge_request_event"'));
  expect(guard?.rows.map(({ event, passages }) => [event, passages['outsider']])).toEqual([
    ['merge request of a fork', 'waits'],
    ['merge request', 'no'],
  ]);
  expect(guard).toMatchObject({
    against: 'developers',
    authority: 'DEPLOY_TOKEN',
    place: '.gitlab-ci.yml:1',
  });
});

it('a button stops nobody who may push', () => {
  const [guard] = guardsOf(rules(`if: '$CI_COMMIT_BRANCH', when: manual`));
  expect(guard?.verdict).toBe('yes');
  expect(guard?.condition).toBe('$CI_COMMIT_BRANCH, when: manual');
  expect(guard?.reasons[0]).toMatchObject({
    part: 'when: manual',
    why: expect.stringContaining('stops nobody'),
  });
  expect(guardsOf(job('when: manual'))[0]).toMatchObject({ verdict: 'yes', condition: 'when: manual' });
});

it('an environment may be protected: nobody knows from the file', () => {
  const [guard] = guardsOf(job('environment: production', 'when: manual'));
  expect(guard).toMatchObject({
    verdict: 'maybe',
    environment: 'production',
    authority: 'DEPLOY_TOKEN and deploys to production',
  });
  expect(guard?.reasons.at(-1)?.why).toContain('settings that no file shows');
});

it.each([
  ['only: [main]', { ...MERGED, verdict: 'waits' }],
  ['only: [tags]', { tag: 'yes', verdict: 'yes' }],
  ['only: [merge_requests]', { ...REQUESTED, verdict: 'yes' }],
  ['only: [schedules]', { schedule: 'yes', verdict: 'yes' }],
  ['except: [branches]', { tag: 'yes', verdict: 'yes' }],
  [
    'only: [staging, web]',
    { branch: 'maybe', schedule: 'maybe', 'by hand, API or others': 'yes', verdict: 'yes' },
  ],
  ['except: [/^wip/]', { ...PUSHED, ...MERGED, tag: 'yes', verdict: 'yes' }],
  [
    'only: [/^release/]',
    { branch: 'maybe', tag: 'maybe', schedule: 'maybe', 'by hand, API or others': 'maybe', verdict: 'maybe' },
  ],
  ['only: { variables: [$DEPLOY] }', { verdict: 'maybe' }],
])('reads %s', (key, expected) => {
  expect(developers(job(key))).toMatchObject({ verdict: expected.verdict });
  if (!key.includes('variables')) expect(developers(job(key))).toEqual(expected);
});

it('rules of the whole pipeline come first', () => {
  const workflow = `workflow: { rules: [{ if: '$CI_COMMIT_BRANCH == "main"' }] }\n`;
  const [guard] = guardsOf(`${workflow}${job()}`);
  expect(developers(`${workflow}${job()}`)).toEqual({ ...MERGED, verdict: 'waits' });
  expect(guard?.condition).toBe('workflow: $CI_COMMIT_BRANCH == "main"');
  const named = `workflow: { rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }] }\n${job()}`;
  expect(developers(named)).toMatchObject({ 'merge request': 'yes' });
});

it('leaves out what has nothing to keep, and what nothing stands before', () => {
  expect(guardsOf('test:\n  script: make\n  only: [main]\n')).toEqual([]);
  expect(guardsOf(job())).toEqual([]);
  expect(guardsOf(`.hidden:\n  script: echo $DEPLOY_TOKEN\n  only: [main]\n${job()}`)).toEqual([]);
});

it('hostile conditions end', () => {
  const long = Array.from({ length: 400 }, (_, index) => `$V${index} == "${index}"`).join(' || ');
  const names = Array.from({ length: 300 }, (_, index) => `if: '$CI_COMMIT_BRANCH == "b${index}"'`);
  const started = threadMs();
  guardsOf(when(long));
  guardsOf(rules(...names));
  guardsOf(when('$__proto__ == "constructor" && $toString'));
  guardsOf(when('$A'.repeat(500_000)));
  for (const pattern of ['(a+)+$', '(((a*)*)*)*b', 'a*a*a*a*a*a*b', '[[[', '(', 'a'.repeat(5_000)])
    guardsOf(when(`$CI_COMMIT_BRANCH =~ /^${pattern}/`));
  expect(threadMs() - started).toBeLessThan(5_000);
});
