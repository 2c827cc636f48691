import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../routing/shell-route.tsx';
import { readRecordSearch } from './search.ts';

const pageRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/record',
  validateSearch: readRecordSearch,
  component: lazyRouteComponent(() => import('./page.tsx'), 'RecordPage'),
});

export const recordRoutes = [pageRoute] as const;
