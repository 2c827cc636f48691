import { describe, expect, it } from 'vitest';
import { StoreError } from '#core/store-error.ts';
import { GroupCommit } from './group-commit.ts';

/** A writer that finishes when it is told to, and refuses what is called `bad`. */
function createWriter() {
  const batches: string[][] = [];
  const waiting: (() => void)[] = [];
  let held = true;
  const write = async (calls: readonly string[]): Promise<string[]> => {
    batches.push([...calls]);
    if (held) await new Promise<void>((resolve) => waiting.push(resolve));
    if (calls.includes('down')) throw new StoreError('store_full', 'full');
    if (calls.includes('bad')) throw new StoreError('store_refused', 'bad');
    return calls.map((call) => call.toUpperCase());
  };
  return {
    batches,
    write,
    finish: () => waiting.shift()?.(),
    letGo: () => {
      held = false;
      waiting.shift()?.();
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function turns(): Promise<void> {
  for (let count = 0; count < 3; count += 1) await turn();
}

describe('GroupCommit', () => {
  it('sends what gathered while a write was under way as the next one', async () => {
    const writer = createWriter();
    const commits = new GroupCommit(writer);
    const first = [commits.submit('a', 1), commits.submit('b', 1)];
    await turns();
    const second = [commits.submit('c', 1), commits.submit('d', 1)];
    await turns();
    expect(writer.batches).toEqual([['a', 'b']]);
    writer.finish();
    expect(await Promise.all(first)).toEqual(['A', 'B']);
    await turns();
    expect(writer.batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    writer.finish();
    expect(await Promise.all(second)).toEqual(['C', 'D']);
  });

  it('finds the one call that cannot be stored, and the others stand', async () => {
    const writer = createWriter();
    writer.letGo();
    const commits = new GroupCommit(writer);
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((call) => commits.submit(call, 1)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(results[2]).toMatchObject({ reason: { code: 'store_refused' } });
  });

  it('refuses every call of a batch that failed for another reason, and tries the next', async () => {
    const writer = createWriter();
    writer.letGo();
    const commits = new GroupCommit(writer);
    const results = await Promise.allSettled(['a', 'down'].map((call) => commits.submit(call, 1)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await commits.submit('b', 1)).toBe('B');
  });

  it('keeps calls with a key in common out of one batch, in their order', async () => {
    const writer = createWriter();
    writer.letGo();
    const commits = new GroupCommit({ ...writer, exclusiveKeys: (call: string) => [call.charAt(0)] });
    await Promise.all(['a1', 'a2', 'b1', 'a3', 'b2'].map((call) => commits.submit(call, 1)));
    expect(writer.batches).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
  });

  it('bounds a batch by calls and by characters', async () => {
    const writer = createWriter();
    writer.letGo();
    const commits = new GroupCommit(writer);
    await Promise.all(Array.from({ length: 1_000 }, () => commits.submit('a', 1)));
    expect(writer.batches.map(({ length }) => length)).toEqual([512, 488]);
    const large = 3 * 1024 * 1024;
    await Promise.all([commits.submit('b', large), commits.submit('c', large), commits.submit('d', 1)]);
    expect(writer.batches.slice(2)).toEqual([['b'], ['c', 'd']]);
  });

  it('refuses at once when too many calls or characters wait', async () => {
    const writer = createWriter();
    const commits = new GroupCommit(writer);
    const megabytes = 16 * 1024 * 1024;
    const waiting = Array.from({ length: 4 }, () => commits.submit('a', megabytes));
    await expect(commits.submit('b', 1)).rejects.toMatchObject({ code: 'store_unavailable' });
    writer.letGo();
    await turns();
    writer.letGo();
    expect(await Promise.all(waiting)).toEqual(['A', 'A', 'A', 'A']);
    expect(await commits.submit('b', 1)).toBe('B');
  });

  it('ends when all is written, and then refuses', async () => {
    const writer = createWriter();
    const commits = new GroupCommit(writer);
    const call = commits.submit('a', 1);
    const closing = commits.close();
    await expect(commits.submit('b', 1)).rejects.toMatchObject({ code: 'store_unavailable' });
    writer.letGo();
    await turns();
    writer.letGo();
    await closing;
    expect(await call).toBe('A');
  });
});
