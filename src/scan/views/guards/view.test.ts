import { expect, it } from 'vitest';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../testing/scan-text.ts';
import type { JudgedGuard } from './judge-guards.ts';
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
  expect(guard?.outsiders).toBe('no');
  expect(guard?.reasons).toEqual([
    {
      part: 'github.event.pull_request.head.repo.full_name == github.repository',
      why: 'tells forks from branches of the repository, which only members make',
    },
  ]);
});

it('lets comments through, and says so', () => {
  expect(judged("contains(github.event.comment.body, '/deploy')", 'issue_comment')).toEqual([
    'maybe maybe maybe maybe maybe maybe',
    'anybody writes comments',
  ]);
});

it('knows conditions that are always true', () => {
  const text = workflow("${{ github.repository == 'a/b' }} && github.actor == 'me'");
  expect(guardsOf(text)[0]).toMatchObject({ outsiders: 'yes' });
  expect(guardsOf(text)[0]?.reasons[0]?.why).toContain('whatever it says');
});

it('waits for environments, whose rules nobody sees', () => {
  const [row, ,] = judged('github.event.number != 1', 'pull_request_target', '    environment: prod\n');
  expect(row).toBe('waits waits waits waits waits waits');
});

it('judges conditions of steps', () => {
  const text = `on: issue_comment\npermissions:\n  contents: write\njobs:\n  a:\n    steps:\n      - run: make\n      - if: github.event.comment.author_association == 'OWNER'\n        run: make deploy\n`;
  expect(guardsOf(text).map(({ subject, outsiders, place }) => [subject, outsiders, place])).toEqual([
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
