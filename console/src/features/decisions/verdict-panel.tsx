import type { DecidingPolicy, Decision } from '#api/decision.ts';
import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Ban, Check, CircleDashed, TriangleAlert } from 'lucide-react';
import { CodeBlock } from '../../components/code-block.tsx';
import { FactTable } from '../../components/fact-table.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { Panel } from '../../components/panel.tsx';
import { factsAt, textAt } from './read-body.ts';

const MARKS = {
  issued: {
    color: 'vouch',
    icon: Check,
    text: 'The policies below permit it, and the credential was issued.',
  },
  allowed: {
    color: 'blue',
    icon: CircleDashed,
    text: 'The policies below permit it. The back-end has not answered yet.',
  },
  failed: {
    color: 'orange',
    icon: TriangleAlert,
    text: 'The policies below permit it, but the back-end made no credential.',
  },
  denied: { color: 'red', icon: Ban, text: 'It was denied.' },
} as const;

/** Why: what was expected and what came, and the policies that decided. */
export function VerdictPanel({ decision }: { decision: Decision }) {
  const { outcome, events, policies, policyVersion } = decision;
  const body = events.find(({ type }) => type === 'decision.denied')?.body ?? events[0]?.body;
  const failure = events.findLast(({ type }) => type === 'credential.failed')?.body;
  const { color, icon: Icon, text } = MARKS[outcome];
  const message =
    textAt(body, 'denial', 'message') ?? (outcome === 'failed' ? textAt(failure, 'error') : undefined);
  const remedy = textAt(body, 'denial', 'remedy');
  const code = textAt(body, 'denial', 'code');
  const facts = factsAt(body, 'denial', 'facts');
  return (
    <Panel title="Why">
      <Alert color={color} icon={<Icon aria-hidden />} title={message ?? text}>
        {remedy === undefined && code === undefined ? undefined : (
          <Stack gap={4}>
            {remedy === undefined ? null : <Text fz="sm">{remedy}</Text>}
            {code === undefined ? null : (
              <Text fz="sm" className="mono">
                {code}
              </Text>
            )}
          </Stack>
        )}
      </Alert>
      {facts.length === 0 ? null : <FactTable facts={facts} />}
      {policies.length === 0 ? (
        <Text fz="sm" c="dimmed">
          {outcome === 'denied'
            ? 'No policy matched, and what no policy permits is denied.'
            : 'No policy is named.'}
        </Text>
      ) : (
        policies.map((policy) => <PolicyText key={policy.id} policy={policy} />)
      )}
      {policyVersion === null ? null : (
        <Group gap="xs">
          <Text fz="sm" c="dimmed">
            Policy version
          </Text>
          <Identifier value={policyVersion} />
        </Group>
      )}
    </Panel>
  );
}

function PolicyText({ policy: { id, text, file } }: { policy: DecidingPolicy }) {
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Anchor
          renderRoot={(root) => <Link {...root} to="/access/policies" search={{ policy: id }} />}
          fw={560}
        >
          {id}
        </Anchor>
        {file === null ? null : (
          <Text fz="sm" c="dimmed" className="mono">
            {file}
          </Text>
        )}
      </Group>
      {text === null ? (
        <Text fz="sm" c="dimmed">
          Its text at that version is not kept here.
        </Text>
      ) : (
        <CodeBlock title={`${id}, as it was then`} code={text} />
      )}
    </Stack>
  );
}
