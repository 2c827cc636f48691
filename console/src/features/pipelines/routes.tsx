import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../routing/shell-route.tsx';
import { readAttackSearch, readInventorySearch, readPipelineSearch, readRepositorySearch } from './search.ts';

const inventoryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pipelines',
  validateSearch: readInventorySearch,
  component: lazyRouteComponent(() => import('./inventory-page.tsx'), 'InventoryPage'),
});

// Names of repositories and files have slashes: they stand in the search, where they need no escaping of paths.
const repositoryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pipelines/repository',
  validateSearch: readRepositorySearch,
  component: lazyRouteComponent(() => import('./repository-page.tsx'), 'RepositoryPage'),
});

const pipelineRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pipelines/pipeline',
  validateSearch: readPipelineSearch,
  component: lazyRouteComponent(() => import('./pipeline-page.tsx'), 'PipelinePage'),
});

const attackRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pipelines/attack',
  validateSearch: readAttackSearch,
  component: lazyRouteComponent(() => import('./attack-page.tsx'), 'AttackPage'),
});

export const pipelineRoutes = [inventoryRoute, repositoryRoute, pipelineRoute, attackRoute] as const;
