import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (script: string, on = 'issues', value = 'github.event.issue.title') =>
  briefly(
    findingsOf(
      'argument-injection',
      `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          V: \${{ ${value} }}\n        run: |\n          ${script}\n`,
    ),
  );

describe('a program inside of the script', () => {
  it.each([
    'eval "$V"',
    'eval echo "a" $V',
    'bash -c "echo $V"',
    'sh -ec "echo $V"',
    'python3 -c "print(\'$V\')"',
    'node -e "console.log(`$V`)"',
    'sed -i "s/a/$V/" file',
    'awk "{ print $V }" file',
    'X="a $V"; eval "$V"',
  ])('%s', (script) => {
    expect(check(script)).toEqual(['9 high regular']);
  });

  it.each([
    'echo "$V"',
    "bash -c 'echo $V'",
    'bash -c \'echo "$1"\' _ "$V"',
    'eval "$(tool)"; echo "$V"',
    'awk -v v="$V" \'{ print v }\' file',
    'python3 -c "import sys; print(sys.argv[1])" "$V"',
    'python3 script.py "$V"',
    '# eval "$V"',
  ])('not in %s', (script) => {
    expect(check(script)).toEqual([]);
  });
});

describe('arguments', () => {
  it.each(['curl -d $V https://example.com', 'true && git log $V', 'gh issue comment 1 --body $V'])(
    '%s',
    (script) => {
      expect(check(script)).toEqual(['9 medium regular']);
    },
  );

  it.each([
    'curl -d "$V" https://example.com',
    'echo $V',
    'git log | grep $V',
    'if [[ $V == git ]]; then true; fi',
    'X=$V',
  ])('not in %s', (script) => {
    expect(check(script)).toEqual([]);
  });

  it('cannot come out of the name of a branch, which has no spaces', () => {
    expect(check('git fetch origin $V', 'pull_request_target', 'github.head_ref')).toEqual([]);
    expect(check('bash -c "git fetch origin $V"', 'pull_request_target', 'github.head_ref')).toHaveLength(1);
  });
});

it('knows the variable that the platform sets on pull requests', () => {
  const script = 'sed -i "s/a/$GITHUB_HEAD_REF/" file';
  expect(check(script, 'pull_request_target')).toEqual(['9 high regular']);
  expect(check(script, 'pull_request')).toEqual(['9 low pedantic']);
  expect(check(script, 'push')).toEqual([]);
});

it('asks who writes it, and what the run may do', () => {
  expect(check('eval "$V"', 'pull_request', 'github.event.pull_request.title')).toEqual(['9 low pedantic']);
  expect(check('eval "$V"', 'release', 'github.event.release.name')).toEqual([]);
  expect(check('eval "$V"', 'issues', 'github.event.issue.number')).toEqual([]);
});
