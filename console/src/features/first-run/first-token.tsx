import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DecisionSummary } from '#api/decision.ts';
import { PartyPopper } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { OutcomeBadge } from '../../components/badges.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import classes from './first-run.module.css';
import { DraftedPolicy } from './drafted-policy.tsx';

const POLL_MS = 3_000;
const SHOWN = 5;

/** What the reasons mean for somebody who does this for the first time. */
const HINTS: Readonly<Record<string, string>> = {
  token_issuer_unknown:
    'Its issuer is none of your identity providers: the decision names it. Add it in step 3, with exactly this issuer.',
  token_audience_mismatch:
    'The job asked its platform for another audience: it has to be that of this server.',
  token_claim_mismatch: 'The token is of another organisation than “required” names.',
  token_expired: 'The token was too old when it came: the job should ask for it right before it is used.',
  resource_unknown: 'There is no resource of this name yet: step 3.',
  no_permit:
    'The job is who it says, and no policy lets it have this. That is how it should be: now make one.',
};

/** Waits for the first job, shows who it is, and makes the policy for it. */
export function FirstToken({ resource }: { resource: string }) {
  const decisions = useQuery({
    ...operationQuery('listDecisions', { query: { limit: SHOWN } }),
    refetchInterval: POLL_MS,
  });
  return (
    <Stack gap="sm">
      <Text fz="sm">
        The first run has a token and no policy: it is refused, and the server knows from then on exactly who
        asked. That is what a policy is made from.
      </Text>
      <QueryView query={decisions} height={220}>
        {(data) => <Arrivals decisions={data.decisions} resource={resource} />}
      </QueryView>
    </Stack>
  );
}

function Arrivals({ decisions, resource }: { decisions: readonly DecisionSummary[]; resource: string }) {
  const issued = decisions.find(
    (decision) => decision.outcome === 'issued' && decision.resource === resource,
  );
  const refused = decisions.find(
    (decision) =>
      decision.outcome === 'denied' && decision.reason === 'no_permit' && decision.repository !== null,
  );
  return (
    <Stack gap="sm">
      {issued === undefined ? <Waiting seen={decisions.length > 0} /> : <Done decision={issued} />}
      {decisions.length === 0 ? null : (
        <div aria-live="polite">
          {decisions.map((decision) => (
            <Arrival key={decision.id} decision={decision} />
          ))}
        </div>
      )}
      {issued === undefined && refused !== undefined ? <DraftedPolicy decision={refused.id} /> : null}
    </Stack>
  );
}

function Waiting({ seen }: { seen: boolean }) {
  return (
    <div className={classes.waiting} role="status">
      <span className={classes.pulse} aria-hidden />
      <Text fz="sm">{seen ? 'Waiting for the next token…' : 'Waiting for your first token…'}</Text>
    </div>
  );
}

function Arrival({ decision }: { decision: DecisionSummary }) {
  const { id, outcome, time, repository, principal, resource, ref, reason } = decision;
  return (
    <div className={classes.arrival}>
      <OutcomeBadge outcome={outcome} />
      <div>
        <Text fz="sm" className="breakable">
          <b>{repository ?? principal}</b>
          {ref === null ? '' : ` at ${ref}`} asked for <b>{resource ?? 'nothing known'}</b>,{' '}
          <TimeAgo moment={time} />
        </Text>
        {reason === null ? null : (
          <Text fz="xs" c="dimmed" className="breakable">
            {Object.hasOwn(HINTS, reason) ? HINTS[reason] : reason}
          </Text>
        )}
      </div>
      <Anchor renderRoot={(root) => <Link {...root} to="/decisions/$id" params={{ id }} />} fz="sm">
        Why
      </Anchor>
    </div>
  );
}

function Done({ decision }: { decision: DecisionSummary }) {
  return (
    <Alert
      color="vouch"
      icon={<PartyPopper aria-hidden />}
      title="Your first job without a stored secret"
      role="status"
    >
      <Stack gap="sm">
        <Text fz="sm">
          {decision.repository ?? decision.principal} got {decision.resource}, and everything about it is on
          record. Next: find the secrets that other pipelines still keep.
        </Text>
        <Group gap="xs">
          <Button
            size="compact-sm"
            renderRoot={(root) => <Link {...root} to="/decisions/$id" params={{ id: decision.id }} />}
          >
            See the decision
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            renderRoot={(root) => <Link {...root} to="/access/static-credentials" />}
          >
            Find stored secrets
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
