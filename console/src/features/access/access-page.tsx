import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { Page } from '../../components/page.tsx';
import { useMayEverywhere } from './access-rights.ts';
import classes from './access.module.css';
import { FreezeBanner } from './freeze-banner.tsx';

interface Tab {
  label: string;
  to:
    | '/access'
    | '/access/identity-providers'
    | '/access/policies'
    | '/access/proposals'
    | '/access/suggestions'
    | '/access/simulate'
    | '/access/static-credentials';
  /** Shows the configuration itself, which is for those who see every repository. */
  whole?: true;
}

const TABS: readonly Tab[] = [
  { label: 'Resources', to: '/access' },
  { label: 'Identity providers', to: '/access/identity-providers' },
  { label: 'Policies', to: '/access/policies' },
  { label: 'Proposals', to: '/access/proposals', whole: true },
  { label: 'Suggestions', to: '/access/suggestions', whole: true },
  { label: 'Simulate', to: '/access/simulate' },
  { label: 'Static credentials', to: '/access/static-credentials' },
];

/** A page of this area: the way to its neighbours, and what is frozen, above everything else. */
export function AccessPage(props: {
  title: string;
  lead: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const seesAll = useMayEverywhere('view');
  const tabs = useRef<HTMLElement>(null);
  // On a phone the row scrolls: the tab that one is on is the one to see.
  useEffect(() => {
    const active = tabs.current?.querySelector('[data-status="active"]');
    active?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, []);
  return (
    <Page title={props.title} lead={props.lead} actions={props.actions}>
      <Stack gap="md">
        <nav ref={tabs} aria-label="Access" className={classes.tabs}>
          {TABS.filter(({ whole }) => whole !== true || seesAll).map(({ label, to }) => (
            <Link
              key={label}
              to={to}
              className={classes.tab ?? ''}
              activeOptions={{ exact: true, includeSearch: false }}
            >
              {label}
              {to === '/access/proposals' ? <OpenProposals /> : null}
            </Link>
          ))}
        </nav>
        <FreezeBanner />
        {props.children}
      </Stack>
    </Page>
  );
}

function OpenProposals() {
  const query = useQuery(operationQuery('listProposals', { query: { state: ['open'], limit: 100 } }));
  const count = query.data?.proposals.length ?? 0;
  if (count === 0) return null;
  return (
    <Badge size="sm" circle aria-label={`${count} open`}>
      {count}
    </Badge>
  );
}
