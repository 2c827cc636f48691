import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { readDefinitions } from '../../read-file.ts';
import { Repository } from '../../repository.ts';
import { SourceText } from '../../source.ts';
import { TaintAnalysis } from './taint-analysis.ts';

/** What an attacker writes into the last script of the first file, as `origin writer authority certainty`. */
function taintsIn(...files: readonly (readonly [string, string])[]): string[] {
  const read = files.map(([file, text]) => readDefinitions(new SourceText(file, text)));
  const repository = new Repository('', read);
  const taint = new TaintAnalysis(repository);
  const job = repository.pipelines[0]?.jobs.at(-1);
  const step = job?.steps.at(-1);
  if (step?.work.kind !== 'script') throw new Error('no script');
  const scope = { pipeline: step.job.pipeline, job, step };
  return step.work.text.expressions
    .flatMap((expression) => taint.taintsOf(expression, scope))
    .map(
      ({ origin, writtenBy, authority, certainty }) => `${origin}: ${writtenBy} ${authority} ${certainty}`,
    );
}

const workflow = (on: string, steps: string) =>
  [
    '.github/workflows/a.yml',
    `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`,
  ] as const;
const step = (lines: string) => `      - ${lines.replaceAll('\n', '\n        ')}\n`;
const script = (text: string) => `id: s\nrun: |\n  ${text.replaceAll('\n', '\n  ')}`;
const X = step('run: echo ${{ steps.s.outputs.x }}');
const HEAD = step('uses: actions/checkout@v4\nwith: { ref: "${{ github.event.pull_request.head.sha }}" }');
const DOWNLOAD = step('run: gh run download 1 --dir out');

describe('outputs of scripts', () => {
  it.each([
    ['echo "x=$(cat out/n)" >> $GITHUB_OUTPUT'],
    ['echo "X=$(<out/n)" >> $GITHUB_OUTPUT'],
    ['echo "::set-output name=x::$(cat out/n)"'],
    ['N=$(cat out/n)\necho "x=$N" >> "$GITHUB_OUTPUT"'],
    ['{\n  echo "x<<EOF"\n  cat out/n\n  echo EOF\n} >> $GITHUB_OUTPUT'],
    ['cat <<EOF >> $GITHUB_OUTPUT\nx=$(cat out/n)\nEOF'],
    ['echo "x=$(jq -r .number out/event.json)" | tee -a $GITHUB_OUTPUT'],
    ['echo "x=$(cat out/n | head -n 1)" >> $GITHUB_OUTPUT'],
  ])('hold what an artifact says: %s', (text) => {
    expect(taintsIn(workflow('workflow_run', DOWNLOAD + step(script(text)) + X))).toEqual([
      expect.stringMatching(/^the file out\/\S+ \(an artifact of another run\): anyone full likely$/),
    ]);
  });

  it.each([
    ['echo "x=$(cat other)" >> $GITHUB_OUTPUT'],
    ['echo "y=$(cat out/n)" >> $GITHUB_OUTPUT'],
    ['echo "x=$(cat out/n | tr -cd 0-9)" >> $GITHUB_OUTPUT'],
    ['N=$(cat out/n)\n[[ $N =~ ^[0-9]+$ ]] || exit 1\necho "x=$N" >> $GITHUB_OUTPUT'],
    ['echo "x=1" > out/n\necho "x=$(cat out/n)" >> $GITHUB_OUTPUT'],
  ])('do not hold it: %s', (text) => {
    expect(taintsIn(workflow('workflow_run', DOWNLOAD + step(script(text)) + X))).toEqual([]);
  });

  it('hold files of a pull request only in runs that have rights', () => {
    const steps = HEAD + step(script('echo "x=$(cat VERSION)" >> $GITHUB_OUTPUT')) + X;
    expect(taintsIn(workflow('pull_request_target', steps))).toHaveLength(1);
    expect(taintsIn(workflow('pull_request', steps))).toEqual([]);
  });

  it('hold messages of commits where the change is checked out', () => {
    const steps = step(script('echo "x=$(git log -1 --format=%s)" >> $GITHUB_OUTPUT')) + X;
    expect(taintsIn(workflow('pull_request_target', HEAD + steps))).toHaveLength(1);
    expect(taintsIn(workflow('pull_request_target', steps))).toEqual([]);
    const fetch = step('run: git fetch origin pull/1/head:theirs');
    expect(taintsIn(workflow('issue_comment', fetch + steps))).toHaveLength(1);
    expect(taintsIn(workflow('pull_request', steps))).toHaveLength(1);
    expect(taintsIn(workflow('push', steps))).toEqual([expect.stringMatching(/: member full likely$/)]);
  });

  it('hold what outsiders wrote on the platform, whoever starts the run', () => {
    const steps = step(script('echo "x=$(gh issue view 1 --json title -q .title)" >> $GITHUB_OUTPUT')) + X;
    expect(taintsIn(workflow('schedule', steps))).toEqual([expect.stringMatching(/: anyone full likely$/)]);
  });
});

describe('outputs of actions', () => {
  const uses = (action: string, input = 'a: b') => step(`id: s\nuses: ${action}\nwith: { ${input} }`);
  const output = (name: string) => step(`run: echo \${{ steps.s.outputs.${name} }}`);

  it.each([
    ['xt0rted/slash-command-action@v2', 'permission-level: read', 'command-arguments', 1],
    ['xt0rted/slash-command-action@v2', 'command: x', 'command-arguments', 0],
    ['dorny/paths-filter@v3', 'list-files: json', 'a_files', 1],
    ['dorny/paths-filter@v3', 'list-files: shell', 'a_files', 0],
    ['dorny/paths-filter@v3', 'filters: x', 'a_files', 0],
    ['tj-actions/changed-files@v40', 'a: b', 'all_changed_files', 1],
    ['tj-actions/changed-files@v44', 'a: b', 'all_changed_files', 0],
    ['tj-actions/changed-files@v44', 'safe_output: false', 'all_changed_files', 1],
    ['peter-murray/issue-body-parser-action@v2', 'issue_id: 1', 'payload', 1],
    ['zentered/issue-forms-body-parser@v2', 'body: "${{ github.event.comment.body }}"', 'data', 1],
    ['zentered/issue-forms-body-parser@v2', 'body: none', 'data', 0],
  ])('%s with { %s }: %s', (action, input, name, count) => {
    expect(taintsIn(workflow('issue_comment', uses(action, input) + output(name)))).toHaveLength(count);
  });

  it('repeat a file', () => {
    const read = (path: string) =>
      uses('juliangruber/read-file-action@v1', `path: ${path}`) + output('content');
    expect(taintsIn(workflow('workflow_run', DOWNLOAD + read('./out/n')))).toHaveLength(1);
    expect(taintsIn(workflow('workflow_run', DOWNLOAD + read('package.json')))).toEqual([]);
  });

  it.each([
    ['core.setOutput("x", context.payload.comment.body)', 1],
    ['const { body } = context.payload.comment\ncore.setOutput("x", body)', 1],
    ['const c = context.payload.comment;\nlet t = c.body.trim();\ncore.setOutput("x", t)', 1],
    ['const { data } = await github.rest.pulls.get({})\ncore.setOutput("x", data.title)', 1],
    ['const t = process.env.T\ncore.setOutput("x", t)', 0],
    ['core.setOutput("x", context.payload.issue.number)', 0],
    ['core.setOutput("x", context.payload.comment.body.includes("x"))', 0],
    ['core.setOutput("y", context.payload.comment.body)', 0],
    ['const a = b\nconst b = a\ncore.setOutput("x", a)', 0],
  ])('come out of JavaScript: %s', (code, count) => {
    const action = `id: s\nuses: actions/github-script@v7\nwith:\n  script: |\n    ${code.replaceAll('\n', '\n    ')}`;
    expect(taintsIn(workflow('issue_comment', step(action) + X))).toHaveLength(count);
  });
});

it('follows files into JavaScript', () => {
  const code = (read: string) =>
    step(
      `id: s\nuses: actions/github-script@v7\nwith:\n  script: |\n    const fs = require('fs')\n    core.setOutput('x', fs.readFileSync(${read}))`,
    );
  expect(taintsIn(workflow('workflow_run', DOWNLOAD + code("'./out/n'") + X))).toHaveLength(1);
  expect(taintsIn(workflow('workflow_run', DOWNLOAD + code("path.join(ROOT, 'out/n')") + X))).toHaveLength(1);
  expect(taintsIn(workflow('workflow_run', DOWNLOAD + code("'package.json'") + X))).toEqual([]);
});

describe('variables', () => {
  const A = step('run: echo ${{ env.A }}');

  it.each([
    ['run: echo "A=${{ github.event.comment.body }}" >> $GITHUB_ENV'],
    ['env: { V: "${{ github.event.comment.body }}" }\nrun: echo "a=$V" >> $GITHUB_ENV'],
    ['env: { V: "${{ github.event.comment.body }}" }\nshell: pwsh\nrun: echo "A=$env:V" >> $env:GITHUB_ENV'],
    [
      'uses: actions/github-script@v7\nwith: { script: "core.exportVariable(\'A\', context.payload.comment.body)" }',
    ],
  ])('that a step exports: %s', (text) => {
    expect(taintsIn(workflow('issue_comment', step(text) + A))).toHaveLength(1);
    // What is exported is there for the steps behind only.
    expect(taintsIn(workflow('issue_comment', A + step(text) + step('run: echo')))).toEqual([]);
  });

  it('of a step reach the action that it uses', () => {
    const action = `runs:\n  using: composite\n  steps:\n    - id: s\n      run: echo "x=$TITLE" >> $GITHUB_OUTPUT\n      shell: bash\n    - run: echo \${{ steps.s.outputs.x }}\n      shell: bash\n`;
    const use = step('uses: ./act\nenv: { TITLE: "${{ github.event.issue.title }}" }');
    expect(taintsIn(['act/action.yml', action], workflow('issues', use))).toEqual([
      'github.event.issue.title: anyone full likely',
    ]);
  });
});

describe('actions that others use', () => {
  const action = (expression: string, inputs = '{}') =>
    `inputs: ${inputs}\nruns:\n  using: composite\n  steps:\n    - run: echo \${{ ${expression} }}\n      shell: bash\n`;
  const TITLE = 'github.event.pull_request.title';

  it('bring values of events themselves, under the worst of them', () => {
    expect(taintsIn(['action.yml', action(TITLE)])).toEqual([`${TITLE}: anyone full likely`]);
    expect(taintsIn(['.github/actions/x/action.yml', action(TITLE)])).toEqual([
      `${TITLE}: caller caller possible`,
    ]);
  });

  it('bring them as the default of an input', () => {
    const inputs = `{ title: { default: "\${{ ${TITLE} }}" } }`;
    expect(taintsIn(['action.yml', action('inputs.title', inputs)])).toContain(
      `${TITLE}: anyone full likely`,
    );
    const use = (more: string) => workflow('pull_request_target', step(`uses: ./act${more}`));
    const local = ['act/action.yml', action('inputs.title', inputs)] as const;
    expect(taintsIn(local, use(''))).toEqual([`${TITLE}: anyone full certain`]);
    expect(taintsIn(local, use('\nwith: { title: x }'))).toEqual([]);
  });
});

it('gives up on variables that are woven into one another, in no time', () => {
  const woven = 'A=$B$C$A\nB=$A$C$V\nC=$B$A$C\n'.repeat(500);
  const steps = Array.from({ length: 50 }, () =>
    step(
      `env: { V: "\${{ env.A }}" }\n${script(`${woven}echo "A=$A$B" >> $GITHUB_ENV\necho "x=$C" >> $GITHUB_OUTPUT`)}`,
    ),
  ).join('');
  const start = threadMs();
  expect(taintsIn(workflow('issues', steps + X))).toEqual([]);
  expect(threadMs() - start).toBeLessThan(5_000);
});
