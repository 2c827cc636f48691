import { Button, Tabs } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import {
  Bot,
  Info,
  type LucideIcon,
  MonitorSmartphone,
  Rocket,
  SlidersHorizontal,
  Users,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Page } from '../../components/page.tsx';
import { useSeesAll } from '../../session/me.ts';
import { AboutPanel } from './about-panel.tsx';
import { ApiTokensPanel } from './api-tokens-panel.tsx';
import { ConfigurationPanels } from './configuration-panels.tsx';
import { PeoplePanels } from './people-panels.tsx';
import type { SettingTab } from './routes.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

const route = getRouteApi('/shell/settings');

interface Tab {
  label: string;
  icon: LucideIcon;
  content: () => ReactNode;
  /** Belongs to no repository: for those who see all. */
  ofAll?: true;
}

const TABS: Readonly<Record<SettingTab, Tab>> = {
  configuration: {
    label: 'Configuration',
    icon: SlidersHorizontal,
    content: () => <ConfigurationPanels />,
    ofAll: true,
  },
  people: { label: 'People', icon: Users, content: () => <PeoplePanels />, ofAll: true },
  sessions: { label: 'Sessions', icon: MonitorSmartphone, content: () => <SessionsPanel /> },
  tokens: { label: 'API tokens', icon: Bot, content: () => <ApiTokensPanel /> },
  about: { label: 'About', icon: Info, content: () => <AboutPanel /> },
};

export function SettingsPage() {
  const seesAll = useSeesAll();
  const shown = Object.entries(TABS).filter(([, { ofAll }]) => seesAll || ofAll !== true);
  const { tab = seesAll ? 'configuration' : 'sessions' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page
      title="Settings"
      lead="What this server is configured to trust, who may do what here, and what is yours."
      actions={
        <Button
          variant="default"
          leftSection={<Rocket size={16} aria-hidden />}
          renderRoot={(root) => <Link {...root} to="/first-run" />}
        >
          First secretless job
        </Button>
      }
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => void navigate({ search: { tab: (value as SettingTab | null) ?? undefined } })}
      >
        <Tabs.List mb="lg">
          {shown.map(([value, { label, icon: Icon }]) => (
            <Tabs.Tab key={value} value={value} leftSection={<Icon size={16} aria-hidden />}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(([value, { content }]) => (
          <Tabs.Panel key={value} value={value}>
            {content()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
