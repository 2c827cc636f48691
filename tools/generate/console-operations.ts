import { routes } from '../../src/api/routes.ts';
import type { Generator } from './output.ts';

const ROUTES = 'src/api/routes.ts';

/** What the console may call: JSON operations for people, as method and path; types come from the route table. */
export const consoleOperations: Generator = {
  path: 'console/src/api/operations.generated.ts',
  sources: [ROUTES],
  generate: async () => {
    const lines = Object.entries(routes)
      .filter(([, { path }]) => path.startsWith('/v1/'))
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([id, { method, path }]) => `  ${id}: ['${method}', '${path}'],`);
    return `${[
      '// Made by tools/generate.ts from src/api/routes.ts: change that, and run `npm run generate`.',
      'export const operations = {',
      ...lines,
      '} as const;',
    ].join('\n')}\n`;
  },
};
