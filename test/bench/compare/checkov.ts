import { z } from 'zod';
import { installFromPython } from '../../peers/scanners/install-scanner.ts';
import { type ComparedTool, plainPath, workflowsOf } from './tool.ts';

const Output = z.object({
  results: z.object({
    failed_checks: z.array(
      z.object({
        check_id: z.string(),
        file_path: z.string(),
        file_line_range: z.tuple([z.number(), z.number()]),
      }),
    ),
  }),
});

/** Its checks of GitHub workflows; without what it would ask its vendor for. */
export function findCheckov(): ComparedTool | { missing: string } {
  const installed = installFromPython('checkov', '3.3.30');
  if ('missing' in installed) return installed;
  return {
    name: 'checkov',
    ...installed,
    codes: [0],
    filesOf: workflowsOf,
    env: { BC_SKIP_MAPPING: 'TRUE', LOG_LEVEL: 'CRITICAL' },
    arguments: () => [
      '--directory=.',
      '--framework=github_actions',
      '--skip-download',
      '--output=json',
      '--compact',
      '--quiet',
      '--soft-fail',
    ],
    read: (output) =>
      Output.parse(JSON.parse(output)).results.failed_checks.map(
        ({ check_id: rule, file_path: file, file_line_range: [first, last] }) => ({
          rule,
          file: plainPath(file),
          line: first,
          // Line 0 stands for the whole file.
          spans: [{ first, last: first === 0 ? Number.MAX_SAFE_INTEGER : last }],
          shown: true,
        }),
      ),
  };
}
