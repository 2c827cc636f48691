import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PlatformSettings } from '#pipeline/platform-settings.ts';
import { Clones, injection } from './testing/clones.ts';

// Each scan starts threads that load all rules; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000 });

let clones: Clones;
beforeEach(() => {
  clones = new Clones();
});
afterEach(() => clones.remove());

const SHARED = `on: { workflow_call: { inputs: { title: { type: string } } } }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ inputs.title }}"
`;
const caller = (title: string, on = 'issues'): string => `on: ${on}
permissions: {}
jobs:
  call:
    permissions: { contents: write }
    uses: acme/shared/.github/workflows/say.yml@main
    with:
      title: ${title}
`;
const ACTION = `name: x
description: x
inputs: { title: { description: x } }
runs:
  using: composite
  steps:
    - run: echo "\${{ inputs.title }}"
      shell: bash
`;

it('follows what a caller hands to a workflow of another repository, and shows the way', async () => {
  clones.write('acme/shared', { '.github/workflows/say.yml': SHARED });
  clones.mirror('acme/app', { '.github/workflows/ci.yml': caller('${{ github.event.issue.title }}') });
  const { records, judgedTogether } = await clones.scan();
  expect(judgedTogether).toBe(2);
  expect(records.find(({ name }) => name === 'acme/shared')?.bySeverity.high).toBe(1);
  const report = JSON.parse(readFileSync(path.join(clones.output, 'repositories/acme/shared.json'), 'utf8'));
  const places = JSON.stringify(
    report.findings.find((each: { ruleId: string }) => each.ruleId === 'template-injection'),
  );
  expect(places).toContain('acme/app/.github/workflows/ci.yml');
});

it('does not find it where the caller hands over something of its own', async () => {
  clones.write('acme/shared', { '.github/workflows/say.yml': SHARED });
  clones.write('acme/app', { '.github/workflows/ci.yml': caller('fixed', 'push') });
  const { records } = await clones.scan();
  expect(records.find(({ name }) => name === 'acme/shared')?.bySeverity.high).toBeUndefined();
});

it('follows it into an action at the root of another repository', async () => {
  clones.write('acme/act', { 'action.yml': ACTION });
  const uses = injection().replace(
    / {6}- run: .*\n/,
    '      - uses: acme/act@v1\n        with: { title: "${{ github.event.issue.title }}" }\n',
  );
  clones.write('acme/app', { '.github/workflows/ci.yml': uses });
  const { records } = await clones.scan();
  expect(records.find(({ name }) => name === 'acme/act')?.byRule['template-injection']).toBe(1);
});

it('looks again at what is called when a caller changes, and at nothing else', async () => {
  clones.write('acme/shared', { '.github/workflows/say.yml': SHARED });
  clones.write('acme/app', { '.github/workflows/ci.yml': caller('fixed', 'push') });
  clones.write('acme/other', { '.github/workflows/ci.yml': injection() });
  await clones.scan();
  expect(await clones.scan()).toMatchObject({ judged: 0, judgedTogether: 0 });
  clones.write('acme/app', { '.github/workflows/ci.yml': caller('${{ github.event.issue.title }}') });
  const third = await clones.scan();
  expect(third).toMatchObject({ judged: 1, judgedTogether: 2 });
  expect(third.records.find(({ name }) => name === 'acme/shared')?.bySeverity.high).toBe(1);
});

it('knows a repository by its remote, whatever its folder is called', async () => {
  clones.write('somewhere/else', {
    '.github/workflows/say.yml': SHARED,
    '.git/config': '[remote "origin"]\n\turl = git@example.com:Acme/Shared.git\n',
  });
  clones.write('acme/app', { '.github/workflows/ci.yml': caller('${{ github.event.issue.title }}') });
  const { records } = await clones.scan();
  expect(records.find(({ name }) => name === 'somewhere/else')?.bySeverity.high).toBe(1);
});

const exposing = (secret: string): string =>
  injection().replace('      - run:', `      - env: { TOKEN: "\${{ secrets.${secret} }}" }\n        run:`);
const using = (secret: string, extra = ''): string =>
  `on: push\npermissions: {}\njobs:\n  d:\n    runs-on: ubuntu-latest\n${extra}    steps:\n      - run: ./deploy\n        env: { TOKEN: "\${{ secrets.${secret} }}" }\n`;

it('says which repositories share a secret that can be got at in one of them', async () => {
  clones.write('acme/weak', { '.github/workflows/ci.yml': exposing('DEPLOY_KEY') });
  clones.write('acme/shop', {
    '.github/workflows/ci.yml': using('DEPLOY_KEY', '    environment: production\n'),
  });
  clones.write('stranger/shop', {
    '.github/workflows/ci.yml': using('DEPLOY_KEY', '    environment: production\n'),
  });
  clones.write('acme/apart', { '.github/workflows/ci.yml': using('OTHER_KEY') });
  const { shared } = await clones.scan();
  expect(shared.findings).toMatchObject([
    { kind: 'shared-secret', severity: 'high', from: ['acme/weak'], to: ['acme/shop'] },
  ]);
  const asked = await clones.scan({ organisationSecrets: new Set(['DEPLOY_KEY']) });
  expect(asked.shared.findings).toMatchObject([{ severity: 'critical' }]);
  expect((await clones.scan({ organisationSecrets: new Set() })).shared.findings).toEqual([]);
});

it('says whose image others run when whoever pushes it can be taken over', async () => {
  const pushes = injection().replace(
    '      - run:',
    '      - run: docker push ghcr.io/acme/base:latest\n      - run:',
  );
  clones.write('acme/base', { '.github/workflows/ci.yml': pushes });
  clones.write('acme/shop', {
    '.github/workflows/ci.yml': using('X', '    container: ghcr.io/acme/base:latest\n'),
  });
  const { shared } = await clones.scan();
  expect(shared.findings).toMatchObject([{ kind: 'shared-image', from: ['acme/base'], to: ['acme/shop'] }]);
});

const GUARDED = injection()
  .replace('    runs-on:', '    environment: triage\n    runs-on:')
  .replace('issues: write', 'contents: write');

it('takes an environment for a gate unless the platform says that nobody is asked there', async () => {
  clones.write('acme/app', { '.github/workflows/ci.yml': GUARDED });
  const complexityWith = async (settings: PlatformSettings): Promise<unknown> => {
    await clones.scan({}, settings);
    const report = JSON.parse(readFileSync(path.join(clones.output, 'repositories/acme/app.json'), 'utf8'));
    return report.findings[0].attack.complexity;
  };
  expect(await complexityWith({})).toBe('medium');
  expect(await complexityWith({ guardedEnvironments: ['triage'] })).toBe('medium');
  expect(await complexityWith({ guardedEnvironments: [] })).toBe('low');
});

it('does not complain of a missing block where the platform gives no more than reading', async () => {
  const without = injection()
    .replace('permissions: {}\n', '')
    .replace(/ {4}permissions: .*\n/, '');
  clones.write('acme/app', { '.github/workflows/ci.yml': without });
  const rulesWith = async (settings: PlatformSettings) =>
    Object.keys((await clones.scan({}, settings)).records[0]?.byRule ?? {});
  expect(await rulesWith({ tokenReadsByDefault: false })).toContain('excessive-permissions');
  expect(await rulesWith({ tokenReadsByDefault: true })).not.toContain('excessive-permissions');
});
