import { Overview } from './overview.ts';
import type { Route } from './route.ts';

/** How things stand. */
export const overviewRoutes = {
  getOverview: {
    method: 'GET',
    path: '/v1/overview',
    summary: 'What would an attacker use today? Of what the caller may see, a few seconds old at most',
    auth: 'session',
    action: 'view',
    answer: { status: 200, schema: Overview },
    problems: ['store_unavailable'],
  },
} as const satisfies Record<string, Route>;
