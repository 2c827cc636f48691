import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readText } from '../../routing/search.ts';
import { shellRoute } from '../../routing/shell-route.tsx';
import { readFindingSearch } from './filter.ts';

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings',
  validateSearch: readFindingSearch,
  component: lazyRouteComponent(() => import('./list-page.tsx'), 'FindingsPage'),
});

const findingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings/$id',
  component: lazyRouteComponent(() => import('./finding-page.tsx'), 'FindingPage'),
});

const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings/import',
  validateSearch: (search: Record<string, unknown>): { repository?: string | undefined } => ({
    repository: readText(search['repository']),
  }),
  component: lazyRouteComponent(() => import('./import-page.tsx'), 'ImportPage'),
});

const reportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings/reports',
  validateSearch: (search: Record<string, unknown>): { repository?: string | undefined } => ({
    repository: readText(search['repository']),
  }),
  component: lazyRouteComponent(() => import('./reports-page.tsx'), 'ReportsPage'),
});

const rulesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings/rules',
  validateSearch: (search: Record<string, unknown>): { q?: string | undefined } => ({
    q: readText(search['q']),
  }),
  component: lazyRouteComponent(() => import('./rules-page.tsx'), 'RulesPage'),
});

const lessonRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings/rule',
  validateSearch: (search: Record<string, unknown>): { tool: string; rule: string } => ({
    tool: readText(search['tool']) ?? 'vouchgate',
    rule: readText(search['rule']) ?? '',
  }),
  component: lazyRouteComponent(() => import('./lesson-page.tsx'), 'LessonPage'),
});

export const findingRoutes = [
  listRoute,
  findingRoute,
  importRoute,
  reportsRoute,
  rulesRoute,
  lessonRoute,
] as const;
