import { expect, it } from 'vitest';
import type { Job, Pipeline } from '../model.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { findLaterPublication, findPublication, isReleasePipeline } from './publishing.ts';

function read(workflow: object): Pipeline | undefined {
  const source = new SourceText('.github/workflows/a.yml', JSON.stringify(workflow));
  const [definition] = readDefinitions(source).definitions;
  return definition?.kind === 'pipeline' ? definition.pipeline : undefined;
}

function jobOf(jobs: object, id: string): Job {
  const job = read({ on: 'push', jobs })?.jobs.find((each) => each.id === id);
  if (job === undefined) throw new Error('a test without a job');
  return job;
}

const publishes = (step: object) => findPublication(jobOf({ a: { steps: [step] } }, 'a')) !== undefined;

it.each([
  [{ run: 'npm publish --provenance' }, true],
  [{ run: 'make && python -m twine upload dist/*' }, true],
  [{ run: 'mvn -B deploy' }, true],
  [{ run: 'cargo publish --dry-run' }, false],
  [{ run: 'cargo publish --dry-run && cargo publish' }, true],
  [{ run: 'echo "now run npm publish"' }, false],
  [{ uses: 'goreleaser/goreleaser-action@v6', with: { args: 'release --clean' } }, true],
  [{ uses: 'goreleaser/goreleaser-action@v6', with: { args: 'release --snapshot' } }, false],
  [{ uses: 'docker/build-push-action@v6', with: { push: 'true' } }, true],
  [{ uses: 'docker/build-push-action@v6', with: { push: 'false' } }, false],
])('%j publishes: %s', (step, expected) => {
  expect(publishes(step)).toBe(expected);
});

it('follows what a job leaves for those that wait for it', () => {
  const jobs = {
    release: { needs: 'sign', steps: [{ run: 'npm publish' }] },
    sign: { needs: ['build', 'test'], steps: [{ run: 'sign' }] },
    build: { steps: [{ uses: 'actions/upload-artifact@v4' }] },
    test: { steps: [{ run: 'test' }] },
  };
  expect(findLaterPublication(jobOf(jobs, 'build'))?.what).toBe('npm publish');
  expect(findLaterPublication(jobOf(jobs, 'test'))).toBeUndefined();
});

it.each([
  [{ release: null }, true],
  [{ push: { tags: ['v*'] }, workflow_dispatch: null }, true],
  [{ push: { tags: ['v*'], branches: ['main'] } }, false],
  [{ push: { tags: ['v*'] }, pull_request: null }, false],
  [{ workflow_dispatch: null }, false],
])('%j is there for releases only: %s', (on, expected) => {
  const pipeline = read({ on, jobs: {} });
  expect(pipeline !== undefined && isReleasePipeline(pipeline)).toBe(expected);
});
