import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../testing/scan-text.ts';
import type { JudgedGuard } from './judged-guard.ts';
import { view } from './view.ts';

function built(text: string): unknown {
  const scan = scanFiles(splitFixture(text));
  return view.build({ repositories: [{ prefix: '', root: '', scan }], asOfMs: TEST_DAY_MS, inputs: {} });
}
const guardsOf = (text: string) => (built(text) as { guards: JudgedGuard[] }).guards;

const workflow = (condition: string, on = 'pull_request_target', more = '') =>
  `on: ${on}\npermissions:\n  contents: write\njobs:\n  a:\n    if: ${condition}\n${more}    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n`;

/** Passages in the order of the actors, and the first reason. */
function judged(condition: string, on?: string, more?: string): string[] {
  const [guard] = guardsOf(workflow(condition, on, more));
  if (guard === undefined) return ['nothing'];
  return [
    ...guard.rows.map(({ passages }) => Object.values(passages).join(' ')),
    guard.reasons[0]?.why ?? 'no reason',
  ];
}

it('knows that the actor is not the author', () => {
  expect(judged("github.actor == 'dependabot[bot]'")).toEqual([
    'maybe maybe maybe maybe maybe yes',
    '`github.actor` is whoever caused the last event, not who wrote the code',
  ]);
});

it('tells associations apart', () => {
  const association = 'github.event.pull_request.author_association';
  expect(judged(`${association} == 'MEMBER'`)[0]).toBe('no no no no maybe no');
  expect(judged(`contains(fromJSON('["MEMBER", "CONTRIBUTOR"]'), ${association})`)[0]).toBe(
    'no no yes no maybe maybe',
  );
  expect(judged(`${association} != 'NONE'`)[0]).toBe('maybe yes yes yes yes maybe');
});

it('waits for labels, which stay', () => {
  const [row, why] = judged("contains(github.event.pull_request.labels.*.name, 'safe')");
  expect(row).toBe('waits waits waits maybe maybe waits');
  expect(why).toContain('stays when new commits come');
  expect(judged("github.event.label.name == 'safe'", '{pull_request_target: {types: [labeled]}}')[0]).toMatch(
    /^no no no maybe maybe/,
  );
});

it('names the part that stops strangers', () => {
  const condition =
    "github.event.action != 'x' && github.event.pull_request.head.repo.full_name == github.repository";
  const [guard] = guardsOf(workflow(condition));
  expect(guard?.verdict).toBe('no');
  expect(guard?.reasons).toEqual([
    {
      part: 'github.event.pull_request.head.repo.full_name == github.repository',
      why: 'tells forks from branches of the repository, which only members make',
    },
  ]);
});

const PASSED = 'yes yes yes yes yes maybe';
const body = 'github.event.comment.body';

it.each([
  `contains(${body}, '/deploy')`,
  `startsWith(${body}, '/deploy') && github.event.issue.pull_request`,
  `startsWith(${body}, '/deploy') && contains(${body}, '--now') && !contains(${body}, '--dry-run')`,
  `contains(fromJSON('["/deploy", "/ship"]'), ${body})`,
  `endsWith(${body}, 'please') && github.event.action == 'created' && github.event.issue.state == 'open'`,
  `!github.event.issue.pull_request && ${body} != 'no'`,
  `"!startsWith(${body}, '#')"`,
])('a comment says what is asked for: %s stops nobody', (condition) => {
  const [row, why] = judged(condition, 'issue_comment');
  expect([row, why]).toEqual([PASSED, expect.stringContaining('stop')]);
});

it.each([
  [`contains(${body}, 'a') && vars.OPEN`, /^maybe maybe/],
  [`${body} == '/a' && ${body} == '/b'`, /^maybe maybe/],
  [
    `startsWith(${body}, '/deploy') && github.event.comment.author_association == 'OWNER'`,
    /^no no no no maybe no$/,
  ],
  [
    `startsWith(${body}, '/deploy') && contains(fromJSON('["OWNER","MEMBER","COLLABORATOR"]'), github.event.comment.author_association)`,
    /^no no no yes yes no$/,
  ],
])('what nobody chooses still decides: %s', (condition, row) => {
  expect(judged(condition, 'issue_comment')[0]).toMatch(row);
});

it('looks at the conditions of the jobs before, and at the activities that start the workflow', () => {
  const before = `on: issue_comment\npermissions:\n  contents: write\njobs:\n  check:\n    if: startsWith(${body}, '/go')\n    steps: [{ run: make }]\n  a:\n    needs: check\n    if: contains(${body}, 'now')\n    steps: [{ run: make }]\n`;
  expect(guardsOf(before).map(({ verdict }) => verdict)).toEqual(['yes', 'yes']);
  const edited = '{issue_comment: {types: [edited]}}';
  const created = `contains(${body}, 'x') && github.event.action == 'created'`;
  expect(judged(created, edited)[0]).toMatch(/^maybe/);
  expect(judged(created, '{issue_comment: {types: [created]}}')[0]).toBe(PASSED);
});

it('whoever writes the change decides how its run ends, and by which event it starts', () => {
  const files = (on: string, condition: string) =>
    `# --- .github/workflows/b.yml\n${workflow(condition, '{workflow_run: {workflows: [CI], types: [completed]}}')}# --- .github/workflows/a.yml\nname: CI\non: ${on}\njobs: { a: { steps: [{ run: make }] } }\n`;
  const run = 'github.event.workflow_run';
  const condition = `${run}.conclusion == 'success' && ${run}.event == 'pull_request'`;
  const row = (text: string) => Object.values(guardsOf(text)[0]?.rows[0]?.passages ?? {}).join(' ');
  expect(row(files('pull_request', condition))).toBe(PASSED);
  expect(row(files('[push, issues]', condition))).toMatch(/^maybe maybe/);
  expect(row(files('pull_request', `${run}.event == 'push'`))).toMatch(/^no no no/);
});

it('a thousand jobs that wait for each other end', () => {
  const jobs = Array.from(
    { length: 1_000 },
    (_, index) =>
      `  a${index}:\n    if: contains(${body}, 'w${index}') && vars.X\n    needs: [${index === 0 ? '' : `a${index - 1}`}]\n    steps: [{ run: make }]\n`,
  );
  const text = `on: [issue_comment, issues]\npermissions: write-all\njobs:\n${jobs.join('')}`;
  const started = threadMs();
  expect(guardsOf(text)).toHaveLength(1_000);
  expect(threadMs() - started).toBeLessThan(5_000);
});

it('more words than are tried leave it open', () => {
  const many = Array.from({ length: 40 }, (_, index) => `contains(${body}, 'w${index}')`).join(' && ');
  expect(judged(many, 'issue_comment')[0]).toMatch(/^maybe/);
});

it('says of alternatives what the open one is worth', () => {
  const condition =
    "github.event.pull_request.head.repo.fork == false || github.event_name == 'pull_request_target'";
  expect(judged(condition)[1]).toBe('says what happened, not who did it');
});

it('knows conditions that are always true', () => {
  const text = workflow("${{ github.repository == 'a/b' }} && github.actor == 'me'");
  expect(guardsOf(text)[0]).toMatchObject({ verdict: 'yes' });
  expect(guardsOf(text)[0]?.reasons[0]?.why).toContain('whatever it says');
});

it('waits for environments, whose rules nobody sees', () => {
  const [row, ,] = judged('github.event.number != 1', 'pull_request_target', '    environment: prod\n');
  expect(row).toBe('waits waits waits waits waits waits');
});

it('judges conditions of steps', () => {
  const text = `on: issue_comment\npermissions:\n  contents: write\njobs:\n  a:\n    steps:\n      - run: make\n      - if: github.event.comment.author_association == 'OWNER'\n        run: make deploy\n`;
  expect(guardsOf(text).map(({ subject, verdict, place }) => [subject, verdict, place])).toEqual([
    ['step 2 of the job a', 'no', '.github/workflows/example.yml:8'],
  ]);
});

it('leaves out what has nothing to keep', () => {
  expect(guardsOf(workflow("github.actor == 'a'", 'pull_request'))).toEqual([]);
  expect(guardsOf(workflow('always()'))).toEqual([]);
  expect(guardsOf(workflow("github.actor == 'a'").replace('contents: write', 'contents: read'))).toEqual([]);
});

it('stays short for two hundred workflows', () => {
  const files = Array.from(
    { length: 200 },
    (_, index) => `# --- .github/workflows/w${index}.yml\n${workflow(`github.actor == 'a${index}'`)}`,
  );
  const blocks = view.describe(built(files.join('')));
  expect(blocks.length).toBeLessThan(25);
  expect(JSON.stringify(blocks)).toContain('194 more kinds');
  expect(view.describe(built('a: 1'))).toHaveLength(1);
});
