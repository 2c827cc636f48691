import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

interface Example {
  readonly on?: string;
  readonly permissions?: string;
  readonly guard?: string;
  readonly step: string;
}

function check({
  on = 'issues',
  permissions = '{ issues: write }',
  guard = 'true',
  step,
}: Example): string[] {
  const job = `if: ${guard}\n    runs-on: x\n    permissions: ${permissions}`;
  const text = `on: ${on}\njobs:\n  a:\n    ${job}\n    steps:\n      - ${step}\n`;
  return briefly(findingsOf('agent-open-to-outsiders', text)).map((brief) => brief.replace(/^\d+ /, ''));
}

const claude = (inputs: string) => `{ uses: anthropics/claude-code-action@v1, with: { ${inputs} } }`;
const OPEN = "allowed_non_write_users: '*'";

describe('Claude', () => {
  it('asks who started it unless it is told not to', () => {
    expect(check({ step: claude('prompt: x') })).toEqual([]);
    expect(check({ step: claude('allowed_non_write_users: somebody') })).toEqual([]);
    expect(check({ step: claude(OPEN) })).toEqual(['low pedantic']);
  });

  it('with a shell is worse, and with rights to the code the worst', () => {
    const shell = claude(`${OPEN}, claude_args: '--allowedTools "Bash,Read"'`);
    expect(check({ step: shell })).toEqual(['high regular']);
    expect(check({ step: shell.replace("'*'", 'me') })).toEqual(['medium auditor']);
    expect(check({ step: shell.replace("'*'", 'me'), permissions: '{}' })).toEqual([]);
    expect(check({ step: shell, permissions: '{ contents: write }' })).toEqual(['critical regular']);
    expect(check({ step: shell, permissions: '{ id-token: write }' })).toEqual(['critical regular']);
    const named = claude(`${OPEN}, claude_args: '--allowedTools "Bash(gh issue view:*)"'`);
    expect(check({ step: named })).toEqual(['low pedantic']);
    expect(check({ step: named, permissions: '{ contents: write }' })).toEqual(['medium regular']);
  });
});

it('knows when the others are open and free', () => {
  expect(check({ step: '{ uses: openai/codex-action@v1, with: { prompt: x } }' })).toEqual([]);
  const codex = (more: string) => `{ uses: openai/codex-action@v1, with: { allow-users: '*', ${more} } }`;
  expect(check({ step: codex('sandbox: read-only') })).toEqual(['low pedantic']);
  expect(check({ step: codex('sandbox: danger-full-access') })).toEqual(['high regular']);
  expect(check({ step: '{ uses: google-github-actions/run-gemini-cli@v0 }' })).toEqual(['high regular']);
});

it.each([
  'claude -p "$PROMPT" --dangerously-skip-permissions',
  'codex exec --full-auto "$PROMPT"',
  'copilot --allow-all-tools -p "$PROMPT"',
  'gemini --yolo -p "$PROMPT"',
])('sees the command %s', (command) => {
  expect(check({ step: `run: ${command}` })).toEqual(['high regular']);
});

it.each(['npm install -g opencode', 'echo claude -p', 'git commit -m "claude -x"', 'cat gemini.txt'])(
  'takes %s for no agent',
  (command) => {
    expect(check({ step: `run: ${command}` })).toEqual([]);
  },
);

it('is content when outsiders cannot start it', () => {
  const step = claude(OPEN);
  expect(check({ step, on: 'push' })).toEqual([]);
  expect(check({ step, on: 'pull_request' })).toEqual([]);
  expect(check({ step, guard: "github.event.issue.author_association == 'OWNER'" })).toEqual([]);
});

it('counts the files of a pull request as orders', () => {
  const checkout =
    "uses: actions/checkout@v4\n        with: { ref: '${{ github.event.pull_request.head.sha }}' }\n      - ";
  const step = `${checkout}${claude(OPEN)}`;
  expect(check({ step, on: 'pull_request_target', permissions: '{ contents: write }' })).toEqual([
    'high regular',
  ]);
});

it.each([
  ['claude -p "$CI_MERGE_REQUEST_DESCRIPTION"', '', ['low pedantic']],
  ['claude -p --dangerously-skip-permissions "$CI_MERGE_REQUEST_TITLE"', '', ['high regular']],
  ['codex exec --yolo review', 'rules: [{ if: $CI_MERGE_REQUEST_IID }]', ['high regular']],
  ['codex exec --yolo review', 'rules: [{ if: $CI_MERGE_REQUEST_IID, when: manual }]', []],
  ['codex exec --yolo review', '', []],
])('judges %s in a job of GitLab', (line, more, expected) => {
  const text = `# --- .gitlab-ci.yml\na:\n  script:\n    - ${line}\n  ${more}\n`;
  const found = findingsOf('agent-open-to-outsiders', text);
  expect(found.map(({ severity, persona }) => `${severity} ${persona}`)).toEqual(expected);
});
