import { join, relative } from 'node:path';
import type { Configuration } from '#broker/configuration/configuration.ts';
import { AppError } from '#core/errors.ts';
import { type PolicyTestRun, runPolicyTests } from '#policy/policy-test.ts';
import { formatParagraph } from '../layout.ts';
import { printable } from '../output.ts';
import { readPolicyTests } from '../server/configuration-folder.ts';
import { normaliseClaims, providerByName } from './identify-offline.ts';
import { describeProblem } from './open-configuration.ts';

/** Runs every `*.test.yaml` below the folder against its policies. */
export async function runTests(
  cwd: string,
  folder: string,
  configuration: Configuration,
): Promise<PolicyTestRun> {
  const files = Object.entries(await readPolicyTests(folder)).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  return runPolicyTests({
    files: files.map(([path, text]) => ({ path: relative(cwd, join(folder, path)), text })),
    engine: configuration.policy,
    resources: [...configuration.resources.values()],
    identify: (provider, claims) => {
      try {
        const identified = normaliseClaims(providerByName(configuration, provider), claims);
        return identified.ok ? identified.identity : { problem: identified.refusal.message };
      } catch (error) {
        if (error instanceof AppError) return { problem: `${error.message}. ${error.remedy ?? ''}` };
        throw error;
      }
    },
  });
}

/** What failed, where; and how many passed. */
export function describeRun({ problems, results }: PolicyTestRun): string {
  const failed = results.filter(({ passed }) => !passed);
  const lines = [
    ...problems.map((problem) => describeProblem(problem, 'error')),
    ...failed.map(
      ({ file, line, name, message }) =>
        `✗ ${printable(`${file}:${line}: ${name}`)}\n${formatParagraph('  ', message ?? '')}`,
    ),
  ];
  const unreadable = problems.length === 0 ? '' : `, ${problems.length} problems in the files`;
  return `${lines.join('')}${results.length - failed.length} passed, ${failed.length} failed${unreadable}\n`;
}
