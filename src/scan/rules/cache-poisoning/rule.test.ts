import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (on: string, cache: string, then = 'make') =>
  `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${cache}\n      - run: ${then}\n`;
const check = (text: string, asOf = '2026-01-01') => briefly(findingsOf('cache-poisoning', text, { asOf }));

it('fires where something is published', () => {
  expect(check(workflow('release', 'actions/cache@v4'))).toEqual(['6 high regular']);
  expect(check(workflow('push', 'actions/cache@v4', 'npm publish'))).toEqual(['6 high regular']);
  expect(check(workflow('{ push: { tags: [v*] } }', 'actions/setup-go@v5'))).toEqual(['6 high regular']);
});

it('is milder since outsiders cannot write the shared cache', () => {
  expect(check(workflow('release', 'actions/cache@v4'), '2026-11-01')).toEqual(['6 medium regular']);
});

it('leaves builds, and steps that only save, alone', () => {
  expect(check(workflow('push', 'actions/cache@v4'))).toEqual([]);
  expect(check(workflow('release', 'actions/cache/save@v4'))).toEqual([]);
  expect(check(workflow('release', 'actions/setup-node@v4'))).toEqual([]);
});

it('looks at what is built for the release, and not at what comes after it', () => {
  const steps = (...each: string[]) =>
    `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${each.map((step) => `      - ${step}\n`).join('')}`;
  expect(check(steps('run: npm publish', 'uses: actions/cache@v4'))).toEqual([]);
  expect(check(steps('uses: actions/cache@v4', 'run: npm publish --dry-run'))).toEqual([]);
});

it('leaves tests that run for tags, too, to those who look closer', () => {
  const on = '{ push: { tags: [v*] }, pull_request: { } }';
  expect(check(workflow(on, 'actions/cache@v4'))).toEqual(['6 medium pedantic']);
});

it('tells pedants where setup-node may bring a cache by itself', () => {
  expect(check(workflow('release', 'actions/setup-node@v6'))).toEqual(['6 low pedantic']);
  const off = 'actions/setup-node@v6\n        with: { package-manager-cache: false }';
  expect(check(workflow('release', off))).toEqual([]);
  expect(check(workflow('push', 'actions/setup-node@v6'))).toEqual([]);
});

describe('code of outsiders on the default branch', () => {
  const poisons = (step: string, permissions = 'read-all', on = 'pull_request_target') =>
    `on: ${on}\npermissions: ${permissions}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v3\n        with: { ref: "\${{ github.event.pull_request.head.sha }}" }\n      - ${step}\n`;
  const cache = (path: string, action = 'actions/cache@v4') =>
    `{ uses: ${action}, with: { key: k, path: ${path} } }`;

  it('can put its files into the cache', () => {
    expect(check(poisons(cache('node_modules')))).toEqual(['9 high regular']);
    expect(check(poisons(cache('node_modules'), 'write-all'))).toEqual(['9 high regular']);
    expect(check(poisons(cache('~/.npm')))).toEqual([]);
    expect(check(poisons(cache('node_modules', 'actions/cache/restore@v4')))).toEqual([]);
  });

  it('can write it without any step when it runs; where it gets more, that is said elsewhere', () => {
    expect(check(poisons('run: make'))).toEqual(['9 high regular']);
    expect(check(poisons('run: make', '{ issues: write }'))).toEqual([]);
    expect(check(poisons('run: make', 'write-all'))).toEqual([]);
    expect(check(poisons('run: echo x'))).toEqual([]);
  });

  it('has a cache of its own under pull_request, and only reads since June 2026', () => {
    expect(check(poisons('run: make', 'read-all', 'pull_request'))).toEqual([]);
    expect(check(poisons('run: make'), '2026-11-01')).toEqual(['9 low auditor']);
  });

  it('has the cache of the base, as long as the platform ran it there', () => {
    const on = '{ pull_request_target: { branches: [old-release] } }';
    expect(check(poisons('run: make', 'read-all', on), '2025-11-01')).toEqual([]);
    expect(check(poisons('run: make', 'read-all', on), '2026-01-01')).toHaveLength(1);
    const open = '{ pull_request_target: { branches: [main] } }';
    expect(check(poisons('run: make', 'read-all', open), '2025-11-01')).toHaveLength(1);
  });
});
