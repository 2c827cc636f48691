import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readChoice } from '../../routing/search.ts';
import { shellRoute } from '../../routing/shell-route.tsx';
import type { CredentialKindId } from './credential-kinds.ts';
import type { PlatformId } from './platforms.ts';

// Named here again, so that the small file that is always loaded does not bring all snippets with it.
const PLATFORMS: readonly PlatformId[] = [
  'github-actions',
  'gitlab-ci',
  'circleci',
  'buildkite',
  'bitbucket',
  'kubernetes',
  'jenkins',
];
const KINDS: readonly CredentialKindId[] = ['oidc-token', 'aws-sts', 'postgres', 'sealed-secret'];

const pageRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/first-run',
  validateSearch: (
    search: Record<string, unknown>,
  ): { platform?: PlatformId | undefined; kind?: CredentialKindId | undefined } => ({
    platform: readChoice(search['platform'], PLATFORMS),
    kind: readChoice(search['kind'], KINDS),
  }),
  component: lazyRouteComponent(() => import('./page.tsx'), 'FirstRunPage'),
});

export const firstRunRoutes = [pageRoute] as const;
