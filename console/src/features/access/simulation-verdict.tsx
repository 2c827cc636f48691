import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { SimulationResult } from '#api/subject.ts';
import { Ban, CircleCheck, Snowflake } from 'lucide-react';
import { FactTable } from '../../components/fact-table.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';

/** What would be decided, by which policies, and which facts differ. */
export function SimulationVerdict({ result }: { result: SimulationResult }) {
  const { identity, refusal, decision, frozen, recorded, resource, resourceKnown } = result;
  const isAllowed = decision?.outcome === 'allow' && frozen === null;
  return (
    <Stack>
      <Alert
        role="status"
        color={isAllowed ? 'vouch' : 'red'}
        icon={
          isAllowed ? (
            <CircleCheck aria-hidden />
          ) : frozen === null ? (
            <Ban aria-hidden />
          ) : (
            <Snowflake aria-hidden />
          )
        }
        title={isAllowed ? `It would get ${resource}` : `It would not get ${resource}`}
      >
        <Text fz="sm" className="breakable">
          {why(result)}
        </Text>
        {recorded === null ? null : (
          <Text fz="sm" className="breakable">
            When it ran, <TimeAgo moment={recorded.time} />, it was {recorded.outcome}.
          </Text>
        )}
      </Alert>
      {!resourceKnown || decision === null || decision.determining.length === 0 ? null : (
        <Panel title="Policies that decide">
          <Group gap={8}>
            {decision.determining.map((id) => (
              <Anchor
                key={id}
                renderRoot={(root) => <Link {...root} to="/access/policies" search={{ policy: id }} />}
                fz="sm"
              >
                {id}
              </Anchor>
            ))}
          </Group>
        </Panel>
      )}
      {refusal === null ? null : (
        <Panel title="What is wrong with the token" note={refusal.remedy}>
          <FactTable facts={refusal.facts} />
        </Panel>
      )}
      {decision?.outcome === 'deny' && decision.facts.length > 0 ? (
        <Panel title="Which facts differ" note="What the nearest policies expect, and what this run has.">
          <FactTable facts={decision.facts} />
        </Panel>
      ) : null}
      {identity === null ? null : (
        <Panel title="Who it is">
          <KeyValues
            items={[
              ['Repository', identity.project?.path],
              ['Ref', identity.ref?.full],
              ['Trigger', identity.trigger],
              ['Environment', identity.environment?.name],
              ['Definition', identity.config?.uri],
              ['Code of a fork', identity.forked === undefined ? undefined : identity.forked ? 'yes' : 'no'],
              ['Identity provider', `${identity.provider} (${identity.platform})`],
              [
                'Subject',
                <span key="s" className="mono breakable">
                  {identity.subject}
                </span>,
              ],
            ]}
          />
        </Panel>
      )}
    </Stack>
  );
}

const REASONS = {
  no_permit: 'No policy permits it.',
  forbidden: 'A policy forbids it.',
  evaluation_error: 'A policy cannot be evaluated, so nothing is allowed.',
} as const;

function why({ frozen, refusal, decision, resourceKnown }: SimulationResult): string {
  if (frozen !== null) return `Access is frozen by ${frozen.frozenBy}: ${frozen.reason}`;
  if (refusal !== null) return refusal.message;
  if (!resourceKnown) return 'The configuration in force has no such resource.';
  if (decision === null) return 'It never gets as far as a policy.';
  if (decision.outcome === 'deny') return REASONS[decision.reason];
  return `Allowed by ${decision.determining.join(', ')}.`;
}
