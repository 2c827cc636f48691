import { expect, it } from 'vitest';
import { memoize } from './memoize.ts';

it('works a fact out once for each object', () => {
  const asked: string[] = [];
  const factOf = memoize(({ name }: { readonly name: string }) => {
    asked.push(name);
    return [name];
  });
  const [one, other] = [{ name: 'a' }, { name: 'a' }];
  expect(factOf(one)).toBe(factOf(one));
  expect(factOf(other)).not.toBe(factOf(one));
  expect(asked).toEqual(['a', 'a']);
});

it('keeps nothing of an object whose fact could not be worked out', () => {
  let count = 0;
  const factOf = memoize((_subject: object) => {
    count += 1;
    if (count === 1) throw new Error('not now');
    return [count];
  });
  const subject = {};
  expect(() => factOf(subject)).toThrow('not now');
  expect(factOf(subject)).toEqual([2]);
});
