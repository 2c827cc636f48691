import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { SourceText } from '../source.ts';
import { asScalar } from './access.ts';
import { membersOf } from './merge-keys.ts';
import { parseYaml } from './parse.ts';

function read(text: string): string[] {
  const [root] = parseYaml(new SourceText('a.yml', text)).documents;
  const last = [...membersOf(root).values()].at(-1)?.value;
  return [...membersOf(last)].map(([name, { value }]) => `${name}=${asScalar(value)?.value}`).sort();
}

const SHARED = 'one: &one { a: 1, b: 1 }\ntwo: &two { b: 2, c: 2 }\n';

it('lets what stands beside a merge key win over what is merged', () => {
  expect(read(`${SHARED}last: { <<: *one, a: own }\n`)).toEqual(['a=own', 'b=1']);
  expect(read(`${SHARED}last: { a: own, <<: *one }\n`)).toEqual(['a=own', 'b=1']);
});

it('lets the first of several win, and follows those that merge themselves', () => {
  expect(read(`${SHARED}last: { <<: [*one, *two] }\n`)).toEqual(['a=1', 'b=1', 'c=2']);
  expect(read(`${SHARED}mid: &mid { <<: *two, d: 3 }\nlast: { <<: *mid }\n`)).toEqual(['b=2', 'c=2', 'd=3']);
});

it('takes a quoted key for a name, and nothing for what is no mapping', () => {
  expect(read('last: { "<<": x }\n')).toEqual(['<<=x']);
  expect(read('last: text\n')).toEqual([]);
});

it('ends when each level merges many of the one before', () => {
  const levels = Array.from(
    { length: 30 },
    (_, n) => `l${n + 1}: &l${n + 1} { <<: [${`*l${n},`.repeat(8)}] }\n`,
  );
  const before = threadMs();
  read(`l0: &l0 { a: 1 }\n${levels.join('')}last: { <<: *l30 }\n`);
  expect(threadMs() - before).toBeLessThan(5_000);
});
