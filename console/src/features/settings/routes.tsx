import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readChoice } from '../../routing/search.ts';
import { shellRoute } from '../../routing/shell-route.tsx';

export const settingTabs = ['configuration', 'people', 'sessions', 'tokens', 'about'] as const;
export type SettingTab = (typeof settingTabs)[number];

const pageRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  validateSearch: (search: Record<string, unknown>): { tab?: SettingTab | undefined } => ({
    tab: readChoice(search['tab'], settingTabs),
  }),
  component: lazyRouteComponent(() => import('./page.tsx'), 'SettingsPage'),
});

export const settingRoutes = [pageRoute] as const;
