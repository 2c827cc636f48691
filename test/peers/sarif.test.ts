import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCli } from '#cli/testing/run-cli.ts';
import { rules } from '#scan/rules.generated.ts';
import { installSarifMultitool } from './sarif/install-sarif-multitool.ts';

const multitool = installSarifMultitool();
const program = 'program' in multitool ? multitool.program : '';
const note = 'missing' in multitool ? `SKIPPED: ${multitool.missing}` : "the validator of SARIF's authors";
const RULES = fileURLToPath(new URL('../../src/scan/rules', import.meta.url));

const Log = z.object({
  runs: z.array(
    z.object({
      results: z
        .array(
          z.looseObject({
            ruleId: z.string(),
            level: z.string().optional(),
            codeFlows: z.array(z.unknown()).optional(),
            suppressions: z.array(z.unknown()).optional(),
            fixes: z.array(z.unknown()).optional(),
          }),
        )
        .optional(),
    }),
  ),
});

/** All examples of all rules as one repository, with a waiver and an ignored line. */
function makeRepository(folder: string): void {
  const workflows = join(folder, '.github/workflows');
  mkdirSync(workflows, { recursive: true });
  for (const { id } of rules) {
    const example = join(RULES, id, 'bad.yml');
    if (existsSync(example)) cpSync(example, join(workflows, `${id}.yml`));
  }
  const injection = readFileSync(join(workflows, 'template-injection.yml'), 'utf8');
  writeFileSync(
    join(workflows, 'ignored.yml'),
    injection.replaceAll(/^(.*\$\{\{.*)$/gmu, '$1 # vouchgate: ignore[template-injection] known'),
  );
  const waiver = 'rule: unpinned-action, path: "**", owner: us, reason: a test, expires: 2099-12-31';
  writeFileSync(join(folder, '.vouchgate.yml'), `version: 1\nscan:\n  waivers:\n    - { ${waiver} }\n`);
}

describe.skipIf('missing' in multitool)(`SARIF (${note})`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vouchgate-sarif-'));
    makeRepository(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is valid by the schema and by the rules of the format, with every property that we use', async () => {
    const file = join(folder, 'scan.sarif');
    await runCli(['scan', folder, '--persona', 'auditor', '--output', `sarif=${file}`, '--format', 'json']);
    const { results = [] } = Log.parse(JSON.parse(readFileSync(file, 'utf8'))).runs[0] ?? {};
    for (const property of ['codeFlows', 'suppressions', 'fixes'] as const)
      expect(results.some((result) => (result[property]?.length ?? 0) > 0)).toBe(true);
    expect(new Set(results.map(({ ruleId }) => ruleId)).size).toBeGreaterThan(60);

    const verdict = join(folder, 'verdict.sarif');
    const run = spawnSync(program, ['validate', file, '--rule-kind', 'Sarif;Ghas', '--output', verdict], {
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(run.stdout).toContain('Analysis completed successfully');
    const said = Log.parse(JSON.parse(readFileSync(verdict, 'utf8'))).runs.flatMap(
      (each) => each.results ?? [],
    );
    // SARIF2005 wants an address of the project; everything else would be a mistake of ours.
    expect(said.filter(({ ruleId }) => ruleId !== 'SARIF2005')).toEqual([]);
  });
});
