import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { z } from 'zod';
import { buildPackage } from '../../../tools/build.ts';
import { type ComparedTool, workflowsAndActionsOf } from './tool.ts';

const PACKAGE = fileURLToPath(new URL('../../../dist/compare', import.meta.url));

const Place = z.object({
  file: z.string(),
  start: z.object({ line: z.number() }),
  end: z.object({ line: z.number() }),
});
const Report = z.object({
  findings: z.array(
    z.object({
      ruleId: z.string(),
      persona: z.string(),
      suppression: z.unknown().optional(),
      locations: z.array(Place),
      path: z.array(z.object({ location: Place })).default([]),
    }),
  ),
});

/** The package as it is published, started as a command. */
export async function buildVouchgate(): Promise<ComparedTool> {
  await buildPackage(PACKAGE);
  return {
    name: 'vouchgate',
    version: 'of this checkout',
    path: process.execPath,
    codes: [0],
    filesOf: workflowsAndActionsOf,
    arguments: (_stage, everything) => [
      join(PACKAGE, 'bin', 'vouchgate.js'),
      'scan',
      '.',
      '--format=json',
      '--fail-on=never',
      ...(everything ? ['--persona=auditor'] : []),
    ],
    read: (output) =>
      Report.parse(JSON.parse(output)).findings.flatMap(
        ({ ruleId, persona, suppression, locations, path }) => {
          const [first] = locations;
          if (first === undefined) return [];
          const places = [...locations, ...path.map(({ location }) => location)];
          return {
            rule: ruleId,
            file: first.file,
            line: first.start.line,
            spans: places
              .filter(({ file }) => file === first.file)
              .map(({ start, end }) => ({ first: start.line, last: end.line })),
            shown: persona === 'regular' && suppression === undefined,
          };
        },
      ),
  };
}
