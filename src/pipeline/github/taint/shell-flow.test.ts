import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { type Flow, flowsOfCommands, flowsOfQuoted, flowsOfValue } from './shell-flow.ts';

function describeFlow({ origin, effect }: Flow): string {
  const name =
    origin.kind === 'variable'
      ? `$${origin.name}`
      : origin.kind === 'file'
        ? origin.file
        : origin.source.what;
  return `${name} ${effect}`;
}

const printed = (text: string) => flowsOfCommands(text).map(describeFlow);

describe('what commands print', () => {
  it.each([
    ['echo "$V"', ['$V passes']],
    ['echo $V', ['$V one-line']],
    ["echo '$V'", []],
    ['echo "\\$V"', []],
    ['echo a # $V', []],
    ['echo "a#$V"', ['$V passes']],
    ['{ echo "$A"; echo "$B"; }', ['$A passes', '$B passes']],
    ['true && printf "%s" "$V"', ['$V passes']],
    ['printf %q "$V"', []],
    ['echo "$(echo "$(echo "$V")")"', ['$V passes']],
    ['echo "`cat file`"', ['file passes']],
    ['echo "$(<file)"', ['file passes']],
    ['echo $((V + 1))', []],
    ['echo "${{ github.sha }} $V"', ['$V passes']],
    ['cat a b', ['a passes', 'b passes']],
    ['cat /etc/os-release', []],
    ['jq -r .title event.json', ['event.json passes']],
    ['jq .title event.json', ['event.json one-line']],
    ['sed -n 1p file', ['file one-line']],
    ['grep -c x file', []],
    ['./program "$V"', []],
    ['X=$V', []],
    ['basename "$V"', ['$V passes']],
    ['tr a b <<< "$V"', ['$V passes']],
  ])('%s', (text, expected) => {
    expect(printed(text)).toEqual(expected);
  });
});

describe('what a filter leaves', () => {
  it.each([
    ['sort | uniq | cut -d, -f1', 'passes'],
    ["tr ',' '\\n'", 'passes'],
    ["tr '\\n' ' '", 'one-line'],
    ["tr -d '\\n'", 'one-line'],
    ["tr -d '[:space:]'", 'one-line'],
    ["tr -cd '[:alnum:]'", undefined],
    ["tr -cd '0-9'", undefined],
    ["tr -cd 'a-z;$()'", 'one-line'],
    ['head -n 1', 'one-line'],
    ['head -1', 'one-line'],
    ['tail -n 5', 'passes'],
    ['head -c 100', 'passes'],
    ["sed 's/[^a-zA-Z0-9]//g'", undefined],
    ["sed 's/a/b/'", 'passes'],
    ["grep -oE '[0-9]+'", undefined],
    ["grep -oP 'ISSUE-(?P<id>[0-9]+)'", undefined],
    ["grep -oP 'x: \\K.*'", 'passes'],
    ["grep -E '^[0-9]+$'", undefined],
    ['sha256sum | cut -c1-8', undefined],
    ['base64', undefined],
    ['base64 -d', 'passes'],
    ['xargs', 'one-line'],
    ['jq -r .x', 'passes'],
    ["jq -r '.x | tonumber'", undefined],
    ['python3 clean.py', undefined],
  ])('%s', (filter, effect) => {
    expect(flowsOfCommands(`echo "$V" | ${filter}`)[0]?.effect).toBe(effect);
  });
});

describe('what is asked for', () => {
  it.each([
    ['gh pr view 1 --json title --jq .title', 'text', false],
    ['gh pr view 1 --json title,body', 'text', true],
    ['gh api repos/a/b/pulls/1 --jq .head.ref', 'ref', false],
    ['gh api repos/a/b/pulls/1/files --jq ".[].filename"', 'text', true],
    ['curl -s https://api/repos/a/b/issues/1 | jq -r .title', 'text', false],
    ['jq -r .comment.body "$GITHUB_EVENT_PATH"', 'text', true],
    ['git diff --name-only HEAD^', 'path', true],
    ['git -C x log -1 --format=%s', 'text', true],
  ])('%s', (command, shape, lines) => {
    const [flow] = flowsOfCommands(`echo "$(${command})"`);
    expect(flow?.origin).toMatchObject({ kind: 'source', source: { shape, lines } });
  });

  it.each([
    'gh pr view 1 --json number,title --jq .number',
    'gh pr list --json title,number | jq -r ".[0].number"',
    'git log -1 --format=%H',
    'git rev-parse HEAD',
    'curl -s https://example.org/version',
    'echo "gh pr view --json title"',
  ])('and nothing of outsiders by %s', (command) => {
    expect(flowsOfCommands(`echo "$(${command})"`)).toEqual([]);
  });
});

it('keeps what an assignment is given in one piece', () => {
  expect(flowsOfValue('$V').map(describeFlow)).toEqual(['$V passes']);
  expect(flowsOfValue('$(cat file) command "$W"').map(describeFlow)).toEqual(['file passes']);
  expect(flowsOfValue('${V//[^0-9]/}')).toEqual([]);
  expect(flowsOfQuoted(`it's $V and "$W"`).map(describeFlow)).toEqual(['$V passes', '$W passes']);
});

it('knows whether it stands in front', () => {
  const leads = (text: string) => flowsOfCommands(text).map((flow) => flow.leads);
  expect(leads('echo "$V"')).toEqual([true]);
  expect(leads('echo "A=$V"')).toEqual([false]);
  expect(leads('echo "$(cat f)"')).toEqual([true]);
  expect(leads('echo "A=$(cat f)"')).toEqual([false]);
  expect(leads('printf \'%s=x\' "$V"')).toEqual([true]);
});

it.each(['"', '`', '$(', '${', "'", '|', '<', '\\', '${{', '$((', 'cat $(', '((', '<<<', '2>&1 '])(
  'reads a megabyte of %s in no time, and does not fail',
  (piece) => {
    const text = `echo ${piece.repeat(1_000_000 / piece.length)}`;
    const start = threadMs();
    flowsOfCommands(text);
    flowsOfQuoted(text);
    flowsOfValue(text);
    expect(threadMs() - start).toBeLessThan(2_000);
  },
);
