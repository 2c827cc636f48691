import { z } from 'zod';
import { installFromPython } from '../../peers/scanners/install-scanner.ts';
import { type ComparedTool, plainPath, workflowsAndActionsOf } from './tool.ts';

const Row = z.object({ row: z.number() });
const Output = z.array(
  z.object({
    ident: z.string(),
    ignored: z.boolean(),
    determinations: z.object({ persona: z.string() }),
    locations: z.array(
      z.object({
        symbolic: z.object({
          key: z.object({ Local: z.object({ verbatim_path: z.string() }) }),
          kind: z.string(),
        }),
        concrete: z.object({ location: z.object({ start_point: Row, end_point: Row }) }),
      }),
    ),
  }),
);

/** One process over all repositories; what it could ask GitHub for is off, as nothing of ours asks. */
export function findZizmor(): ComparedTool | { missing: string } {
  const installed = installFromPython('zizmor', '1.32.0');
  if ('missing' in installed) return installed;
  return {
    name: 'zizmor',
    ...installed,
    codes: [0],
    filesOf: workflowsAndActionsOf,
    arguments: (_stage, everything) => [
      '--offline',
      '--no-config',
      '--no-exit-codes',
      '--quiet',
      '--format=json-v1',
      ...(everything ? ['--persona=auditor'] : []),
      '.',
    ],
    read: (output) =>
      Output.parse(JSON.parse(output)).flatMap(({ ident, ignored, determinations, locations }) => {
        const places = locations.map(({ symbolic, concrete: { location } }) => ({
          file: plainPath(symbolic.key.Local.verbatim_path),
          primary: symbolic.kind === 'Primary',
          // Rows count from 0.
          first: location.start_point.row + 1,
          last: location.end_point.row + 1,
        }));
        const main = places.find(({ primary }) => primary) ?? places[0];
        if (main === undefined) return [];
        return {
          rule: ident,
          file: main.file,
          line: main.first,
          spans: places.filter(({ file }) => file === main.file),
          shown: !ignored && determinations.persona === 'Regular',
        };
      }),
  };
}
