import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { ErrorState } from '../components/error-state.tsx';
import { NotFound } from '../components/not-found.tsx';
import { accessRoutes } from '../features/access/routes.tsx';
import { decisionRoutes } from '../features/decisions/routes.tsx';
import { findingRoutes } from '../features/findings/routes.tsx';
import { firstRunRoutes } from '../features/first-run/routes.tsx';
import { overviewRoutes } from '../features/overview/routes.tsx';
import { pipelineRoutes } from '../features/pipelines/routes.tsx';
import { recordRoutes } from '../features/record/routes.tsx';
import { settingRoutes } from '../features/settings/routes.tsx';
import { signInRoutes } from '../features/sign-in/routes.tsx';
import { rootRoute, shellRoute } from '../routing/shell-route.tsx';

const routeTree = rootRoute.addChildren([
  ...signInRoutes,
  shellRoute.addChildren([
    ...overviewRoutes,
    ...firstRunRoutes,
    ...pipelineRoutes,
    ...accessRoutes,
    ...decisionRoutes,
    ...findingRoutes,
    ...recordRoutes,
    ...settingRoutes,
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    basepath: '/console',
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultNotFoundComponent: NotFound,
    // Inside of the frame, so that the way to other pages stays.
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} retry={reset} />,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
