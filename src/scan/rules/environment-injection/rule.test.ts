import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (on: string, script: string, value: string, last = '') =>
  `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          V: \${{ ${value} }}\n        run: ${script}\n${last}`;
const NEXT = '      - run: make\n';
const check = (script: string, value = 'github.event.comment.body', on = 'issue_comment', last = NEXT) =>
  briefly(findingsOf('environment-injection', workflow(on, script, value, last)));

describe('text with line breaks', () => {
  it.each([
    'echo "A=$V" >> "$GITHUB_ENV"',
    'echo "A=${V}" >> $GITHUB_ENV',
    'echo "A=$V" | tee -a "$GITHUB_ENV"',
    'echo "A=$V" | tee --append $GITHUB_ENV > /dev/null',
    'printf "A=$V" >> "${GITHUB_ENV}"',
    'printf \'A=%s\\n\' "$V" >> $GITHUB_ENV',
    'echo "A=${V##*/}" >> $GITHUB_ENV',
    'echo "A=$(echo "$V" | cut -f2 | sort)" >> $GITHUB_ENV',
    'jq -r .x <<< "$V" >> $GITHUB_ENV',
    '|\n          X="$V"\n          echo "A=$X" >> "$GITHUB_ENV"',
    '|\n          X=$(echo "$V" | sed s/a/b/)\n          Y="pre-$X"\n          echo "A=$Y" >> "$GITHUB_ENV"',
    '|\n          echo "A=$V" \\\n            >> $GITHUB_ENV',
    '|\n          cat <<EOF >> $GITHUB_ENV\n          A=$V\n          EOF',
    '|\n          cat >> "$GITHUB_ENV" <<-EOF\n          A=$V\n          EOF',
    '|\n          echo "A<<EOF" >> $GITHUB_ENV\n          echo "$V" >> $GITHUB_ENV\n          echo EOF >> $GITHUB_ENV',
    '|\n          echo "B=$V" > file\n          echo "A=$V" >> $GITHUB_ENV',
  ])('%s', (script) => {
    expect(check(script).map((each) => each.slice(-12))).toEqual(['high regular']);
  });

  it.each([
    "echo 'A=$V' >> $GITHUB_ENV",
    'echo "A=${V//[^a-z]/}" >> $GITHUB_ENV',
    'echo "A=${#V}" >> $GITHUB_ENV',
    'echo "A=$(echo "$V" | tr -cd 0-9)" >> $GITHUB_ENV',
    'echo "A=$(echo "$V" | wc -c)" >> $GITHUB_ENV',
    'echo "A=$(echo "$V" | grep -oE \'[A-Z]+-[0-9]+\')" >> $GITHUB_ENV',
    'echo "A=$(./parse "$V")" >> $GITHUB_ENV',
    'echo "A=$V" >> file',
    '|\n          # echo "A=$V" >> $GITHUB_ENV',
    '|\n          V=1\n          echo "A=$V" >> $GITHUB_ENV',
    '|\n          if [[ ! $V =~ ^[a-z]+$ ]]; then exit 1; fi\n          echo "A=$V" >> $GITHUB_ENV',
    "|\n          cat <<'EOF' >> $GITHUB_ENV\n          A=$V\n          EOF",
    '|\n          D=$(openssl rand -hex 16)\n          { echo "A<<$D"; echo "$V"; echo "$D"; } >> $GITHUB_ENV',
    '|\n          D=$(uuidgen)\n          echo "A<<$D" >> $GITHUB_ENV\n          echo "$V" >> $GITHUB_ENV\n          echo "$D" >> $GITHUB_ENV',
  ])('not in %s', (script) => {
    expect(check(script)).toEqual([]);
  });

  // The shell, or a filter, makes one line of it: a lead for auditors.
  it.each([
    'echo A=$V >> "$GITHUB_ENV"',
    'echo "A=$(echo "$V" | tr -d \'\\n\')" >> $GITHUB_ENV',
    'echo "A=$(echo $V)" >> $GITHUB_ENV',
    'echo "A=$(echo "$V" | head -n 1)" >> $GITHUB_ENV',
  ])('is one line in %s', (script) => {
    expect(check(script)).toEqual(['8 low auditor']);
  });
});

it('lets one line of text be the value of a name, and not the name', () => {
  expect(check('echo "A=$V" >> $GITHUB_ENV', 'github.event.issue.title', 'issues')).toEqual([
    '8 low pedantic',
  ]);
  expect(check('echo "$V" >> $GITHUB_ENV', 'github.event.issue.title', 'issues')).toEqual(['8 high regular']);
  const block =
    '|\n          {\n            echo "A<<EOF"\n            echo "$V"\n            echo EOF\n          } >> $GITHUB_ENV';
  expect(check(block, 'github.event.issue.title', 'issues')).toEqual(['11 low pedantic']);
  expect(check(block)).toEqual(['11 high regular']);
});

it('says nothing of names of branches, which have no spaces and no line breaks', () => {
  expect(check('echo "A=$V" >> $GITHUB_ENV', 'github.head_ref', 'pull_request_target')).toEqual([]);
});

it('counts what actions do at the end of the job as something that follows', () => {
  const text =
    'on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - env: {V: "${{ github.event.issue.body }}"}\n        run: echo "A=$V" >> $GITHUB_ENV\n';
  expect(briefly(findingsOf('environment-injection', text))).toEqual(['8 high regular']);
});

it('asks who starts it with what rights, and whether something follows', () => {
  const script = 'echo "A=$V" >> $GITHUB_ENV';
  expect(check(script, 'github.event.pull_request.body', 'pull_request')).toEqual(['8 low pedantic']);
  expect(check(script, 'github.event.comment.body', 'issue_comment', '')).toEqual(['8 low pedantic']);
  expect(check(script, 'github.event.release.body', 'release')).toEqual([]);
});

describe('what a script asks for itself', () => {
  const run = (script: string, on = 'pull_request_target', before = '') =>
    briefly(
      findingsOf(
        'environment-injection',
        `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${before}      - run: |\n          ${script}\n${NEXT}`,
      ),
    );
  const HEAD =
    '      - uses: actions/checkout@v4\n        with: { ref: "${{ github.event.pull_request.head.sha }}" }\n';

  it.each([
    'echo "B=$(gh pr view 1 --json body --jq .body)" >> $GITHUB_ENV',
    'echo "B=$(jq -r .pull_request.body "$GITHUB_EVENT_PATH")" >> $GITHUB_ENV',
    'echo "B=$(cat $GITHUB_EVENT_PATH | jq -r .pull_request.body)" >> $GITHUB_ENV',
    'echo "B=$(curl -s $API/repos/a/b/pulls/1 | jq -r .body)" >> $GITHUB_ENV',
    'echo "B=$(gh api repos/a/b/issues/1/comments --jq \'.[].body\')" >> $GITHUB_ENV',
  ])('%s', (script) => {
    expect(run(script)).toEqual(['7 high regular']);
  });

  it.each([
    'echo "B=$(gh pr view 1 --json body,number --jq .number)" >> $GITHUB_ENV',
    'echo "B=$(jq -r .pull_request.number "$GITHUB_EVENT_PATH")" >> $GITHUB_ENV',
    'echo "B=$(gh pr view 1 --json author -q .author.login)" >> $GITHUB_ENV',
    'echo "B=$(git log -1 --format=%H)" >> $GITHUB_ENV',
    'echo "B=$(git log --format=%s)" >> $GITHUB_ENV',
  ])('not in %s', (script) => {
    expect(run(script)).toEqual([]);
  });

  it('takes messages of commits for outsiders’ when their code was checked out', () => {
    expect(run('echo "B=$(git log --format=%s)" >> $GITHUB_ENV', 'pull_request_target', HEAD)).toEqual([
      '9 high regular',
    ]);
  });

  it('does not care who starts a run that asks for issues', () => {
    expect(run('echo "B=$(gh issue view 1 --json body -q .body)" >> $GITHUB_ENV', 'schedule')).toEqual([
      '7 high regular',
    ]);
  });
});

describe('other shells, and commands of the old form', () => {
  const run = (script: string, shell: string, more = '') =>
    briefly(
      findingsOf(
        'environment-injection',
        `on: issue_comment\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          V: \${{ github.event.comment.body }}\n${more}        shell: ${shell}\n        run: |\n          ${script}\n${NEXT}`,
      ),
    ).map((each) => each.replace(/^\d+ /, ''));

  it.each([
    '"A=$env:V" >> $env:GITHUB_ENV',
    'echo "A=${env:V}" >> $env:GITHUB_ENV',
    '"A=$env:V" | Out-File -FilePath $env:GITHUB_ENV -Encoding utf8 -Append',
    'Add-Content -Path $env:GITHUB_ENV -Value "A=$env:V"',
    '$x = $env:V\n          "A=$x" >> $env:GITHUB_ENV',
  ])('PowerShell: %s', (script) => {
    expect(run(script, 'pwsh')).toEqual(['high regular']);
  });

  it.each([
    "'A=$env:V' >> $env:GITHUB_ENV",
    '"A=$($env:V -replace \'[^a-z]\')" >> $env:GITHUB_ENV',
    '"A=1" >> $env:GITHUB_ENV',
  ])('PowerShell, not in %s', (script) => {
    expect(run(script, 'pwsh')).toEqual([]);
  });

  it('the command set-env counts where the runner is told to take it', () => {
    const allowed = '          ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n';
    expect(run('echo "::set-env name=A::$V"', 'bash', allowed)).toEqual(['high regular']);
    expect(run('echo "::set-env name=A::$V"', 'bash')).toEqual([]);
  });
});

it('sees files of another run', () => {
  const text = (read: string, download: string) =>
    `on: {workflow_run: {workflows: [x]}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${download}\n      - run: ${read} >> $GITHUB_ENV\n      - run: make\n`;
  const run = (read: string, download = 'gh run download 1') =>
    briefly(findingsOf('environment-injection', text(read, download)));
  expect(run('echo "PR=$(cat pr/number)"')).toEqual(['7 high regular']);
  expect(run('echo "PR=$(<pr/number)"')).toEqual(['7 high regular']);
  expect(run('|\n          N=$(cat pr/number)\n          echo "PR=$N"')).toEqual(['9 high regular']);
  const checked = 'if ! [[ $N =~ ^[0-9]+$ ]]; then exit 1; fi';
  expect(run(`|\n          N=$(cat pr/number)\n          ${checked}\n          echo "PR=$N"`)).toEqual([]);
  expect(run('echo "PR=$(jq -r .number pr/event.json)"')).toEqual(['7 high regular']);
  expect(run('cat pr/environment')).toEqual(['7 high regular']);
  expect(run('echo PR=$(cat pr/number)')).toEqual(['7 low auditor']);
  expect(run('|\n          read -r N < pr/number\n          echo "PR=$N"')).toEqual(['9 low pedantic']);
  expect(run('echo "PR=$(head -c 9 pr/number | tr -cd 0-9)"')).toEqual([]);
  expect(
    run(
      '|\n          while read -r L; do\n            echo "$L" >> $GITHUB_ENV\n          done < pr/env\n          true',
    ),
  ).toEqual(['9 high regular']);
  expect(
    run('|\n          cat pr/env | while read -r L; do echo "$L" >> $GITHUB_ENV; done\n          true'),
  ).toEqual(['8 high regular']);
  expect(run('|\n          tee -a $GITHUB_ENV < pr/env\n          true')).toEqual(['8 high regular']);
  const temp = 'gh run download 1 --dir "${{ runner.temp }}/x"';
  expect(run('echo "PR=$(cat "$RUNNER_TEMP/x/n")"', temp)).toEqual(['7 high regular']);
  expect(run('echo "PR=$(cat n)"', temp)).toEqual([]);
  // It was put elsewhere, or is a file of the script's own.
  expect(run('echo "PR=$(cat VERSION)"', 'gh run download 1 --dir out')).toEqual([]);
  expect(run('echo "PR=$(cat out/n)"', 'gh run download 1 --dir out')).toEqual(['7 high regular']);
  expect(run('|\n          date > now\n          echo "PR=$(cat now)"')).toEqual([]);
});
