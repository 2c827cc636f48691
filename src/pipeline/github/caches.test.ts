import { expect, it } from 'vitest';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { automaticCacheOf, cacheUseOf } from './caches.ts';

function readStep(step: object) {
  const text = JSON.stringify({ on: 'push', jobs: { a: { steps: [step] } } });
  const [definition] = readDefinitions(new SourceText('.github/workflows/a.yml', text)).definitions;
  return definition?.kind === 'pipeline' ? definition.pipeline.jobs[0]?.steps[0] : undefined;
}

function usesCache(step: object): boolean | 'reads' {
  const found = readStep(step);
  const use = found === undefined ? undefined : cacheUseOf(found);
  return use?.readsOnly === true ? 'reads' : use !== undefined;
}

it.each([
  [{ uses: 'actions/cache@v4' }, true],
  [{ uses: 'actions/cache/restore@v4' }, 'reads'],
  [{ uses: 'actions/setup-node@v4' }, false],
  [{ uses: 'actions/setup-node@v4', with: { cache: 'npm' } }, true],
  [{ uses: 'actions/setup-go@v5' }, true],
  [{ uses: 'actions/setup-go@v3' }, false],
  [{ uses: 'actions/setup-go@v5', with: { cache: 'false' } }, false],
  [{ uses: 'gradle/actions/setup-gradle@v4' }, true],
  [{ uses: 'gradle/actions/wrapper-validation@v4' }, false],
  [{ uses: 'docker/build-push-action@v6', with: { 'cache-from': 'type=gha' } }, true],
  [{ uses: 'docker/build-push-action@v6' }, false],
  [{ uses: 'golangci/golangci-lint-action@v8', with: { 'skip-cache': 'true' } }, false],
  [{ uses: 'subosito/flutter-action@v2' }, false],
  [{ uses: 'oven-sh/setup-bun@v2' }, true],
  [{ uses: 'oven-sh/setup-bun@v2', with: { 'no-cache': 'true' } }, false],
  [{ uses: 'docker/setup-buildx-action@v3' }, false],
  [{ uses: 'docker/setup-buildx-action@v3', with: { version: 'v0.19.0' } }, true],
  [{ run: 'npm ci' }, false],
])('%j uses a cache: %s', (step, expected) => {
  expect(usesCache(step)).toBe(expected);
});

it.each([
  [{ uses: 'actions/setup-node@v5' }, true],
  [{ uses: 'actions/setup-node@v6.1.0' }, true],
  [{ uses: 'actions/setup-node@v4' }, false],
  [{ uses: 'actions/setup-node@v6', with: { 'package-manager-cache': 'false' } }, false],
  [{ uses: 'actions/setup-node@v6', with: { cache: '' } }, false],
  [{ uses: 'actions/setup-go@v5' }, false],
])('%j may cache by itself: %s', (step, expected) => {
  const found = readStep(step);
  expect(found !== undefined && automaticCacheOf(found) !== undefined).toBe(expected);
});
