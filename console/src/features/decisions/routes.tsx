import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../routing/shell-route.tsx';
import { readDecisionSearch } from './search.ts';

const pageRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/decisions',
  validateSearch: readDecisionSearch,
  component: lazyRouteComponent(() => import('./page.tsx'), 'DecisionsPage'),
});

const decisionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/decisions/$id',
  component: lazyRouteComponent(() => import('./decision-page.tsx'), 'DecisionPage'),
});

export const decisionRoutes = [pageRoute, decisionRoute] as const;
