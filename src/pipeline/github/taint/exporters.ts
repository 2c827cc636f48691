import { memoize } from '../../memoize.ts';
import type { Job, Step } from '../../model.ts';
import { findFileWrites } from './command-files.ts';
import { javaScriptOf } from './github-script.ts';

const EXPORTS = /\bcore\.exportVariable\(\s{0,9}['"`](\w{1,100})['"`]/g;

function namesExported(step: Step): string[] {
  if (step.work.kind === 'script') {
    return findFileWrites(step, 'GITHUB_ENV').flatMap(({ name, within }) => name ?? within ?? []);
  }
  const script = javaScriptOf(step)?.value;
  if (script?.includes('exportVariable') !== true) return [];
  return [...script.matchAll(EXPORTS)].map(([, name = '']) => name);
}

/** Steps of a job that write a variable for the steps behind, by its name in lower case, in their order. */
export const exportersOf = memoize((job: Job): ReadonlyMap<string, readonly Step[]> => {
  const exporters = new Map<string, Step[]>();
  for (const step of job.steps) {
    for (const name of new Set(namesExported(step).map((each) => each.toLowerCase()))) {
      const before = exporters.get(name);
      if (before === undefined) exporters.set(name, [step]);
      else before.push(step);
    }
  }
  return exporters;
});
