import { describe, expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { rules } from '../../rules.generated.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';

/** Other rules mend in the same file, too. */
const own = rules.filter(({ id }) => id === 'template-injection');

const workflow = (on: string, steps: string) =>
  `on: ${on}\nenv: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
const run = (script: string) => `      - run: ${script}\n`;
/** Without what only auditors see. */
const found = (text: string) =>
  findingsOf('template-injection', text).filter(({ persona }) => persona !== 'auditor');
const check = (on: string, expression: string) =>
  briefly(found(workflow(on, run(`echo \${{ ${expression} }}`))));

describe('who writes a value decides', () => {
  it.each([
    ['issues', 'github.event.issue.title', ['7 high regular']],
    ['pull_request_target', 'github.head_ref', ['7 high regular']],
    ['pull_request', 'github.event.pull_request.title', ['7 medium regular']],
    ['push', 'github.event.head_commit.message', ['7 low pedantic']],
    ['issues', 'toJSON(github.event.issue)', ['7 high regular']],
    ['issues', "format('{0}', github.event.issue.body)", ['7 high regular']],
    ['issues', "github.event.issue.title || 'none'", ['7 high regular']],
  ])('on %s: %s', (on, expression, expected) => {
    expect(check(on, expression)).toEqual(expected);
  });
});

describe('values that cannot be code are left alone', () => {
  it.each([
    ['issues', 'github.event.issue.number'],
    ['pull_request', 'github.event.pull_request.head.sha'],
    ['issues', "contains(github.event.issue.title, 'x')"],
    ['issues', "github.event.issue.title == 'x' && 'yes' || 'no'"],
    ['issues', 'github.actor'],
    // No such payload under this event.
    ['push', 'github.event.issue.title'],
    ['issues', 'steps.none.outputs.x'],
  ])('on %s: %s', (on, expression) => {
    expect(check(on, expression)).toEqual([]);
  });
});

describe('the way of a value', () => {
  it('through environment, outputs and jobs is shown with its stations', () => {
    const text = `on: issues
env: {}
jobs:
  one:
    runs-on: ubuntu-latest
    outputs:
      title: \${{ steps.read.outputs.title }}
    steps:
      - id: read
        env:
          TITLE: \${{ github.event.issue.title }}
        run: echo "title=$TITLE" >> $GITHUB_OUTPUT
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ needs.one.outputs.title }}"
`;
    const [finding] = findingsOf('template-injection', text);
    expect(finding).toMatchObject({ severity: 'high', confidence: 'medium' });
    const lines = finding?.path?.map(({ location }) => location.start.line) ?? [];
    // What starts it stands in front, and what it reaches behind.
    expect(lines.slice(lines.indexOf(11), lines.indexOf(17) + 1)).toEqual([11, 7, 17]);
  });

  it('into a local composite action goes by what its callers pass', () => {
    const files = (title: string) => `# --- .github/workflows/a.yml
${workflow('issues', `      - uses: ./.github/actions/say\n        with:\n          text: ${title}\n`)}
# --- .github/actions/say/action.yml
inputs:
  text: {}
runs:
  using: composite
  steps:
    - run: echo "\${{ inputs.text }}"
      shell: bash
`;
    expect(findingsOf('template-injection', files('${{ github.event.issue.title }}'))[0]).toMatchObject({
      severity: 'high',
    });
    expect(briefly(findingsOf('template-injection', files('hello')))).toEqual(['6 low pedantic']);
  });

  it.each([
    [
      'gh pr view 1 --json title -q .title',
      'TITLE=$(gh pr view 1 --json title -q .title)\n          echo "x=$TITLE" >> $GITHUB_OUTPUT',
    ],
    ['the event file', 'echo "x=$(jq -r .issue.title $GITHUB_EVENT_PATH)" >> $GITHUB_OUTPUT'],
    [
      'a heredoc',
      '{\n            echo "x<<EOF"\n            echo "${{ github.event.issue.body }}" # vouchgate\n            echo EOF\n          } >> $GITHUB_OUTPUT',
    ],
  ])('out of a script that reads %s', (_name, script) => {
    const steps = `      - id: s\n        run: |\n          ${script}\n      - run: echo \${{ steps.s.outputs.x }}\n`;
    expect(findingsOf('template-injection', workflow('issues', steps)).at(-1)).toMatchObject({
      severity: 'high',
      confidence: 'medium',
    });
  });

  it('through an action that passes it on', () => {
    const steps =
      '      - id: s\n        uses: frabert/replace-string-action@v2\n        with:\n          string: ${{ github.event.issue.title }}\n      - run: echo ${{ steps.s.outputs.replaced }}\n';
    expect(findingsOf('template-injection', workflow('issues', steps))).toHaveLength(1);
  });

  it('that ends in itself ends', () => {
    const text = workflow(
      'issues',
      '      - env:\n          A: ${{ env.B }}\n          B: ${{ env.A }}\n        run: echo ${{ env.A }}\n',
    );
    expect(found(text)).toEqual([]);
  });
});

it('believes a condition that stops outsiders', () => {
  const guarded = (guard: string) =>
    found(
      workflow(
        'issue_comment',
        `      - if: ${guard}\n        run: echo \${{ github.event.comment.body }}\n`,
      ),
    );
  expect(guarded("github.event.comment.author_association == 'OWNER'")).toEqual([]);
  expect(guarded("startsWith(github.event.comment.body, '/go')")).toHaveLength(1);
});

describe('a value that nobody outside is known to write', () => {
  const step = (expression: string) =>
    workflow('push', `      - id: a\n        run: make\n      - run: echo \${{ ${expression} }}\n`);

  it.each([
    'steps.a.outputs.text',
    'fromJSON(steps.a.outputs.text)[0].name',
    'env.WRITTEN_BEFORE',
    'secrets.TOKEN',
    'github.base_ref',
    'github.event.issue.title',
    'matrix.os',
  ])('is for auditors: %s', (expression) => {
    expect(briefly(findingsOf('template-injection', step(expression)))).toEqual(['9 info auditor']);
  });

  it.each([
    'github.sha',
    'github.event.pull_request.number',
    'github.run_id',
    'steps.a.outcome',
    'needs.a.result',
    'runner.temp',
    "'text'",
    "steps.a.outputs.text == 'x'",
    "hashFiles('**')",
  ])('has no free form when the platform makes it: %s', (expression) => {
    expect(findingsOf('template-injection', step(expression))).toEqual([]);
  });

  it('is known when the file says what it is', () => {
    const constant = (value: string) =>
      `on: push\nenv: { A: ${value} }\njobs:\n  a:\n    strategy: { matrix: { os: [${value}] } }\n    steps:\n      - run: echo \${{ env.A }} \${{ matrix.os }}\n`;
    expect(findingsOf('template-injection', constant('b'))).toEqual([]);
    expect(briefly(findingsOf('template-injection', constant('"${{ vars.B }}"')))).toEqual([
      '7 info auditor',
      '7 info auditor',
    ]);
  });
});

it('knows other places that are code', () => {
  const TITLE = '${{ github.event.issue.title }}';
  const steps = [
    `      - run: make\n        shell: ${TITLE}\n`,
    `      - run: make\n        working-directory: ${TITLE}\n`,
    `      - uses: Wandalen/wretry.action@v3\n        with:\n          command: ${TITLE}\n`,
    `      - uses: some/action@v1\n        with:\n          title: ${TITLE}\n`,
  ];
  expect(steps.map((each) => found(workflow('issues', each)).length)).toEqual([1, 0, 1, 0]);
});

it('points at the expression inside of a folded script', () => {
  const [finding] = findingsOf(
    'template-injection',
    workflow('issues', '      - run: >-\n          echo one\n          ${{ github.event.issue.title }}\n'),
  );
  expect(finding?.locations[0]).toMatchObject({
    start: { line: 9, column: 11 },
    end: { line: 9, column: 42 },
  });
});

describe('the fix', () => {
  const fix = (steps: string, on = 'issues') => {
    const files = [{ file: '.github/workflows/a.yml', text: workflow(on, steps) }];
    return fixRepository({ root: '', files }, { rules: own, asOfMs: TEST_DAY_MS }, 'unsafe').changed.get(
      '.github/workflows/a.yml',
    );
  };
  const TITLE = '${{ github.event.issue.title }}';

  it('hands values over as variables, quoted as the place needs it', () => {
    const before = `      - run: |\n          echo "a ${TITLE}"\n          echo \${{ github.event.issue.body }}\n`;
    const after = `      - env:\n          ISSUE_BODY: \${{ github.event.issue.body }}\n          ISSUE_TITLE: ${TITLE}\n        run: |\n          echo "a \${ISSUE_TITLE}"\n          echo "\${ISSUE_BODY}"\n`;
    expect(fix(before)).toBe(workflow('issues', after));
  });

  it('knows the variables of PowerShell', () => {
    const step = (run: string, env = '') => `      - ${env}run: ${run}\n        shell: pwsh\n`;
    const env = `env:\n          ISSUE_TITLE: ${TITLE}\n        `;
    expect(fix(step(`Write-Host ${TITLE}`))).toBe(
      workflow('issues', step('Write-Host ${env:ISSUE_TITLE}', env)),
    );
    expect(fix(step(`Write-Host "C:\\ ${TITLE}"`))).toBe(
      workflow('issues', step('Write-Host "C:\\ ${env:ISSUE_TITLE}"', env)),
    );
  });

  describe('of github-script', () => {
    const step = (script: string, env = '') =>
      `      - ${env}uses: actions/github-script@v8\n        with:\n          script: |\n            ${script}\n`;

    it.each([
      [`core.info('${TITLE}')`, 'core.info(process.env.ISSUE_TITLE)'],
      [
        `const a = 'x'; // it's\n            say(\`${TITLE}\`)`,
        "const a = 'x'; // it's\n            say(process.env.ISSUE_TITLE)",
      ],
      [`const a = 4 / 2; say("${TITLE}")`, 'const a = 4 / 2; say(process.env.ISSUE_TITLE)'],
    ])('%s', (before, after) => {
      expect(fix(step(before))).toBe(
        workflow('issues', step(after, `env:\n          ISSUE_TITLE: ${TITLE}\n        `)),
      );
    });

    it.each([
      `core.info(${TITLE})`,
      `core.info('a ${TITLE}')`,
      `core.info('${TITLE}' + /'/.source)`.replace("core.info('", "a(/'/, '"),
      `const a = \`\${'x'}\`; core.info('${TITLE}')`,
      `// '${TITLE}'`,
    ])('leaves %s alone', (script) => {
      expect(fix(step(script))).toBeUndefined();
    });
  });

  it('asks for the default of the job', () => {
    const files = (shell: string) =>
      workflow('issues', `      - run: echo ${TITLE}\n`).replace(
        '    steps:',
        `    defaults: { run: { shell: ${shell} } }\n    steps:`,
      );
    const fixed = (shell: string) => {
      const input = { root: '', files: [{ file: '.github/workflows/a.yml', text: files(shell) }] };
      return fixRepository(input, { rules: own, asOfMs: TEST_DAY_MS }, 'unsafe').changed.size;
    };
    expect([fixed('bash'), fixed('python')]).toEqual([1, 0]);
  });

  it.each([
    ['single quotes', `      - run: echo '${TITLE}'\n`],
    ['a heredoc', `      - run: |\n          cat <<EOF\n          ${TITLE}\n          EOF\n`],
    ['another shell', `      - run: print("${TITLE}")\n        shell: python\n`],
    [
      'a here-string',
      `      - run: |\n          $x = @"\n          ${TITLE}\n          "@\n        shell: pwsh\n`,
    ],
    ['a name that is taken', `      - env:\n          ISSUE_TITLE: x\n        run: echo ${TITLE}\n`],
  ])('keeps its hands off %s', (_name, steps) => {
    expect(fix(steps)).toBeUndefined();
  });
});
