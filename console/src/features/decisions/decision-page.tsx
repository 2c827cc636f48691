import type { Decision } from '#api/decision.ts';
import { Anchor, Button, Grid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { OutcomeBadge } from '../../components/badges.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import { shortRef } from './decision-rows.tsx';
import { IdentityPanel } from './identity-panel.tsx';
import { LeasePanel } from './lease-panel.tsx';
import { PosturePanel } from './posture-panel.tsx';
import { textAt } from './read-body.ts';
import { StoryPanel } from './story-panel.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

const route = getRouteApi('/shell/decisions/$id');
const HEIGHT = 900;
const REFRESH_MS = 5_000;

function titleOf(decision: Decision): string {
  const [made] = decision.events;
  const who =
    textAt(made?.body, 'identity', 'project', 'path') ?? textAt(made?.body, 'identity', 'subject') ?? 'A job';
  const resource = made?.resource ?? 'a credential';
  return {
    issued: `${who} got ${resource}`,
    allowed: `${who} may have ${resource}`,
    failed: `${who} was to get ${resource}, and the back-end failed`,
    denied: `${who} was denied ${resource}`,
  }[decision.outcome];
}

function leadOf({ events: [made] }: Decision) {
  const body = made?.body;
  const ref = textAt(body, 'identity', 'ref', 'full');
  const parts = [
    ref === undefined ? undefined : `at ${shortRef(ref)}`,
    textAt(body, 'identity', 'environment', 'name'),
    textAt(body, 'identity', 'trigger'),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** It may still end, or its access may. */
function isOpen({ outcome, lease }: Decision): boolean {
  return outcome === 'allowed' || lease?.state === 'active' || lease?.state === 'revoking';
}

/** One decision: what was asked, why it was decided so, what came of it, and the proof. */
export function DecisionPage() {
  const { id } = route.useParams();
  const query = useQuery({
    ...operationQuery('getDecision', { params: { id } }),
    refetchInterval: ({ state }) => (state.data !== undefined && isOpen(state.data) ? REFRESH_MS : false),
  });
  return (
    <QueryView query={query} height={HEIGHT}>
      {(decision) => <Told decision={decision} />}
    </QueryView>
  );
}

function Told({ decision }: { decision: Decision }) {
  const { id, events } = decision;
  const receipts = useQuery({
    // With the number of events: when another one came, its receipt belongs to the answer.
    queryKey: ['listReceipts', id, events.length],
    queryFn: ({ signal }) => call('listReceipts', { params: { id } }, signal),
  });
  const [made] = events;
  return (
    <Page
      title={titleOf(decision)}
      lead={leadOf(decision)}
      crumbs={[{ label: 'Decisions', link: { to: '/decisions' } }]}
      actions={
        <>
          <OutcomeBadge outcome={decision.outcome} />
          <Button
            variant="default"
            leftSection={<FlaskConical size={16} aria-hidden />}
            renderRoot={(root) => <Link {...root} to="/access/simulate" search={{ decision: id }} />}
          >
            Simulate again
          </Button>
        </>
      }
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <VerdictPanel decision={decision} />
            {made === undefined ? null : <PosturePanel body={made.body} />}
            {decision.lease === undefined ? null : <LeasePanel lease={decision.lease} />}
            <StoryPanel events={events} />
            <ReceiptPanel query={receipts} events={events} subject={id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          {made === undefined ? null : <IdentityPanel decision={decision} made={made} />}
        </Grid.Col>
      </Grid>
      <Anchor renderRoot={(root) => <Link {...root} to="/decisions" />} fz="sm">
        All decisions
      </Anchor>
    </Page>
  );
}
