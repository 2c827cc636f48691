import { describe, expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { rules } from '../../rules.generated.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';

const workflow = (on: string, steps: string) =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
const run = (script: string) => `      - run: ${script}\n`;
const check = (on: string, expression: string) =>
  briefly(findingsOf('template-injection', workflow(on, run(`echo \${{ ${expression} }}`))));

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
permissions: {}
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
    expect(finding?.path?.map(({ location }) => location.start.line)).toEqual([11, 7, 17]);
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
    expect(findingsOf('template-injection', files('hello'))).toEqual([]);
  });

  it.each([
    [
      'gh pr view 1 --json title -q .title',
      'TITLE=$(gh pr view 1 --json title -q .title)\n          echo "x=$TITLE" >> $GITHUB_OUTPUT',
    ],
    ['git log', 'echo "x=$(git log -1 --format=%s)" >> "$GITHUB_OUTPUT"'],
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
    expect(findingsOf('template-injection', text)).toEqual([]);
  });
});

it('believes a condition that stops outsiders', () => {
  const guarded = (guard: string) =>
    findingsOf(
      'template-injection',
      workflow(
        'issue_comment',
        `      - if: ${guard}\n        run: echo \${{ github.event.comment.body }}\n`,
      ),
    );
  expect(guarded("github.event.comment.author_association == 'OWNER'")).toEqual([]);
  expect(guarded("startsWith(github.event.comment.body, '/go')")).toHaveLength(1);
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
    return fixRepository({ root: '', files }, { rules, asOfMs: TEST_DAY_MS }, 'unsafe').changed.get(
      '.github/workflows/a.yml',
    );
  };
  const TITLE = '${{ github.event.issue.title }}';

  it('hands values over as variables, quoted as the place needs it', () => {
    const before = `      - run: |\n          echo "a ${TITLE}"\n          echo \${{ github.event.issue.body }}\n`;
    const after = `      - env:\n          ISSUE_BODY: \${{ github.event.issue.body }}\n          ISSUE_TITLE: ${TITLE}\n        run: |\n          echo "a \${ISSUE_TITLE}"\n          echo "\${ISSUE_BODY}"\n`;
    expect(fix(before)).toBe(workflow('issues', after));
  });

  it.each([
    ['single quotes', `      - run: echo '${TITLE}'\n`],
    ['a heredoc', `      - run: |\n          cat <<EOF\n          ${TITLE}\n          EOF\n`],
    ['another shell', `      - run: echo ${TITLE}\n        shell: pwsh\n`],
    ['a name that is taken', `      - env:\n          ISSUE_TITLE: x\n        run: echo ${TITLE}\n`],
  ])('keeps its hands off %s', (_name, steps) => {
    expect(fix(steps)).toBeUndefined();
  });
});
