import { code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';

const AUTHENTICATION = {
  none: 'anybody',
  session: 'a person’s session',
  'lease-or-session': 'the lease’s token or a session',
};

export const apiPages: readonly Generator[] = [
  {
    path: 'docs/reference/openapi.json',
    sources: ['src/api/openapi.ts'],
    generate: async () => {
      const { buildOpenApi } = await import('#api/openapi.ts');
      return `${JSON.stringify(buildOpenApi(), undefined, 2)}\n`;
    },
  },
  {
    path: 'docs/reference/api.md',
    sources: ['src/api/routes.ts'],
    generate: async () => {
      const { routes } = await import('#api/routes.ts');
      return page(
        'HTTP API',
        'Bodies, parameters and answers: [openapi.json](openapi.json), which a server also gives at `/v1/openapi.json`. Codes: [errors](errors.md).',
        table(
          ['operation', 'what it does', 'who may'],
          Object.values(routes).map((route) => [
            code(`${route.method} ${route.path}`),
            route.summary,
            route.auth === 'none'
              ? AUTHENTICATION.none
              : `${AUTHENTICATION[route.auth]} with \`${route.action}\``,
          ]),
        ),
      );
    },
  },
];
