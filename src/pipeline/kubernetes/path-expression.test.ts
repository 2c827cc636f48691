import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { pathOf } from '../expression.ts';
import { parsePath } from './path-expression.ts';

function path(text: string): string | undefined {
  const parsed = parsePath(text);
  return parsed.ok ? pathOf(parsed.root) : `error at ${parsed.error.at}`;
}

describe('a path', () => {
  it('is names behind dots and in brackets', () => {
    expect(path('params.title')).toBe('params.title');
    expect(path(' inputs.parameters.branch-name ')).toBe('inputs.parameters.branch-name');
    expect(path("params['a.b']")).toBe('params.a.b');
    expect(path('params["name"]')).toBe('params.name');
  });

  it('has a star for every number', () => {
    expect(path('params.list[*]')).toBe('params.list.*');
    expect(path('body.commits[0].message')).toBe('body.commits.*.message');
  });

  it('says where it stops being one', () => {
    expect(path('')).toBe('error at 0');
    expect(path('params.title == 1')).toBe('error at 12');
    expect(path('.title')).toBe('error at 0');
    expect(path('params[')).toBe('error at 6');
  });

  it('takes a long text in no time', () => {
    const start = threadMs();
    parsePath('a'.repeat(1_000_000));
    parsePath('a[0]'.repeat(1_000));
    expect(threadMs() - start).toBeLessThan(2_000);
  });
});
