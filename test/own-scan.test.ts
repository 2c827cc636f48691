import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '#cli/testing/run-cli.ts';

const ROOT = join(import.meta.dirname, '..');

/** What we ask of others holds for us: our workflow, our actions, and the templates that we hand out. */
it('has nothing to say about our own pipelines, not even to an auditor', async () => {
  const templates = ['scan', 'vouchgate'].map((name) => join(ROOT, `templates/gitlab/${name}.yml`));
  const { code, stdout } = await runCli([
    'scan',
    ROOT,
    ...templates,
    '--only',
    'pipelines',
    '--persona',
    'auditor',
  ]);
  expect(stdout).toMatch(/^nothing found in [5-9] files/u);
  expect(code).toBe(0);
});

/** Tests put theirs together when they run, so that nobody’s scanner has to be told that ours are none. */
it('holds no secret, and nothing that looks like one outside of tests', async () => {
  const { code, stdout } = await runCli(['scan', ROOT, '--only', 'secrets', '--persona', 'pedantic']);
  expect(stdout).toMatch(/^nothing found in \d+ files/u);
  expect(code).toBe(0);
});
