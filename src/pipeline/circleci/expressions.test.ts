import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { pathOfExpression, readExpressions } from './expressions.ts';

const read = (value: string): [string, string | undefined][] =>
  readExpressions(value).map((each) => [
    value.slice(each.outer.start, each.outer.end),
    pathOfExpression(each),
  ]);

describe('insertions of CircleCI', () => {
  it('are paths between angle brackets, with or without spaces', () => {
    expect(read('a <<parameters.x>> b << pipeline.git.branch >>')).toEqual([
      ['<<parameters.x>>', 'parameters.x'],
      ['<< pipeline.git.branch >>', 'pipeline.git.branch'],
    ]);
  });

  it('open and close sections, too', () => {
    expect(read('<<#pipeline.git.tag>>t<</pipeline.git.tag>>')).toEqual([
      ['<<#pipeline.git.tag>>', 'pipeline.git.tag'],
      ['<</pipeline.git.tag>>', 'pipeline.git.tag'],
    ]);
  });

  it('are neither here-documents, nor shifts, nor what a backslash stands before', () => {
    expect(read('cat <<EOF >> file\nEOF\n$((1 << 2)) >> x \\<< parameters.x >>')).toEqual([]);
    expect(read('cat <<EOF\n<< parameters.x >>\nEOF')).toEqual([['<< parameters.x >>', 'parameters.x']]);
  });

  it('take no longer for a megabyte of brackets', () => {
    const before = threadMs();
    for (const text of ['<<', '<< a.', '<< parameters.x >', '>>']) {
      readExpressions(text.repeat(1_000_000 / text.length));
    }
    expect(threadMs() - before).toBeLessThan(5_000);
  });
});
