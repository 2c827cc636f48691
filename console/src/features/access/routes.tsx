import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readChoice, readInteger, readText } from '../../routing/search.ts';
import { shellRoute } from '../../routing/shell-route.tsx';

const resources = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access',
  validateSearch: (search: Record<string, unknown>): { q?: string | undefined } => ({
    q: readText(search['q']),
  }),
  component: lazyRouteComponent(() => import('./resources-page.tsx'), 'ResourcesPage'),
});

const resource = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/resources/$name',
  component: lazyRouteComponent(() => import('./resource-page.tsx'), 'ResourcePage'),
});

const identityProviders = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/identity-providers',
  component: lazyRouteComponent(() => import('./identity-providers-page.tsx'), 'IdentityProvidersPage'),
});

const policies = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/policies',
  validateSearch: (
    search: Record<string, unknown>,
  ): { q?: string | undefined; policy?: string | undefined } => ({
    q: readText(search['q']),
    policy: readText(search['policy']),
  }),
  component: lazyRouteComponent(() => import('./policies-page.tsx'), 'PoliciesPage'),
});

export interface EditSearch {
  file?: string | undefined;
  line?: number | undefined;
  /** Start from this suggestion. */
  suggestion?: string | undefined;
  /** Start with the guided form. */
  mode?: 'form' | undefined;
}

const edit = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/policies/edit',
  validateSearch: (search: Record<string, unknown>): EditSearch => ({
    file: readText(search['file']),
    line: readInteger(search['line']),
    suggestion: readText(search['suggestion']),
    mode: readChoice(search['mode'], ['form']),
  }),
  component: lazyRouteComponent(() => import('./edit-page.tsx'), 'EditPage'),
});

const proposals = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/proposals',
  validateSearch: (search: Record<string, unknown>): { state?: 'open' | 'decided' | undefined } => ({
    state: readChoice(search['state'], ['open', 'decided']),
  }),
  component: lazyRouteComponent(() => import('./proposals-page.tsx'), 'ProposalsPage'),
});

const proposal = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/proposals/$id',
  component: lazyRouteComponent(() => import('./proposal-page.tsx'), 'ProposalPage'),
});

const suggestions = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/suggestions',
  validateSearch: (search: Record<string, unknown>): { open?: string | undefined } => ({
    open: readText(search['open']),
  }),
  component: lazyRouteComponent(() => import('./suggestions-page.tsx'), 'SuggestionsPage'),
});

const simulate = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/simulate',
  validateSearch: (
    search: Record<string, unknown>,
  ): { decision?: string | undefined; resource?: string | undefined; by?: 'token' | undefined } => ({
    decision: readText(search['decision']),
    resource: readText(search['resource']),
    by: readChoice(search['by'], ['token']),
  }),
  component: lazyRouteComponent(() => import('./simulate-page.tsx'), 'SimulatePage'),
});

const credentials = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access/static-credentials',
  validateSearch: (search: Record<string, unknown>): { q?: string | undefined } => ({
    q: readText(search['q']),
  }),
  component: lazyRouteComponent(() => import('./static-credentials-page.tsx'), 'StaticCredentialsPage'),
});

export const accessRoutes = [
  resources,
  resource,
  identityProviders,
  policies,
  edit,
  proposals,
  proposal,
  suggestions,
  simulate,
  credentials,
] as const;
