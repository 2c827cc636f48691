import { Alert, Anchor, Code, List, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Configuration } from '#api/configuration.ts';
import { TriangleAlert } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { StateBadge } from '../../components/badges.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { SettingsTable } from './settings-table.tsx';

export function ConfigurationPanels() {
  const configuration = useQuery(operationQuery('getConfiguration', {}));
  return (
    <QueryView query={configuration} height={620}>
      {(data) => (
        <Stack gap="lg">
          <RefusedChange refused={data.refused} />
          <InForce configuration={data} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
            <IdentityProviders configuration={data} />
            <CredentialProviders configuration={data} />
            <Sinks configuration={data} />
            <Inputs configuration={data} />
          </SimpleGrid>
        </Stack>
      )}
    </QueryView>
  );
}

function RefusedChange({ refused }: Pick<Configuration, 'refused'>) {
  if (refused === null) return null;
  return (
    <Alert
      color="red"
      icon={<TriangleAlert aria-hidden />}
      title="The files were changed, and the change is refused"
      role="alert"
    >
      <Stack gap="xs">
        <Text fz="sm">
          The version before stays in force. Found <TimeAgo moment={refused.at} />:
        </Text>
        <List fz="sm" spacing={4}>
          {refused.problems.map(({ file, line, message, remedy }) => (
            <List.Item key={`${file}:${line}:${message}`} className="breakable">
              <span className="mono">
                {file}:{line}
              </span>{' '}
              {message} {remedy}
            </List.Item>
          ))}
        </List>
      </Stack>
    </Alert>
  );
}

function InForce({ configuration }: { configuration: Configuration }) {
  const { inForce, policies, resources, posture, telemetry } = configuration;
  if (inForce === null) {
    return (
      <Panel title="In force">
        <EmptyState title="No configuration is in force">
          Every request is denied until there is one.{' '}
          <Anchor renderRoot={(root) => <Link {...root} to="/first-run" />}>Start with the guide</Anchor>
        </EmptyState>
      </Panel>
    );
  }
  const off = (text: string) => <Text c="dimmed">{text}</Text>;
  return (
    <Panel
      title="In force"
      note="Read from files; the server looks at them every few seconds, and a mistake changes nothing."
      actions={
        <Anchor renderRoot={(root) => <Link {...root} to="/access/policies" />} fz="sm">
          Policies and changes
        </Anchor>
      }
    >
      <KeyValues
        items={[
          ['Version', <Identifier key="id" value={inForce.id} label="Copy the id of the version" />],
          ['Digest', <Identifier key="digest" value={inForce.digest} label="Copy the digest" />],
          ['Since', <TimeAgo key="since" moment={inForce.appliedAt} />],
          [
            'Holds',
            `${count(policies.length, 'policy', 'policies')}, ${count(resources.length, 'resource')}`,
          ],
          [
            'Inspection of pipelines',
            posture === null
              ? off('off: no policy can demand a posture')
              : posture.sources
                  .map(({ identityProvider, type }) => `${identityProvider} (${type})`)
                  .join(', ') || 'on',
          ],
          ['Figures and traces', telemetryText(telemetry) ?? off('off')],
        ]}
      />
    </Panel>
  );
}

function telemetryText({ metrics, traces }: Configuration['telemetry']): string | undefined {
  const parts = [metrics ? 'metrics for Prometheus' : '', traces ? 'traces over OTLP' : ''];
  return parts.filter((part) => part !== '').join(', ') || undefined;
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

function IdentityProviders({ configuration: { identityProviders } }: { configuration: Configuration }) {
  return (
    <Panel title="Identity providers" note="Whose jobs are believed.">
      {identityProviders.length === 0 ? (
        <EmptyState title="None yet">
          <Anchor renderRoot={(root) => <Link {...root} to="/first-run" />}>The guide</Anchor> writes the
          first one.
        </EmptyState>
      ) : (
        <SettingsTable
          label="Identity providers"
          head={['Name', 'Platform', 'Issuer']}
          rows={identityProviders.map(({ name, platform, issuer }) => ({
            key: name,
            cells: [
              name,
              platform,
              <span key="issuer" className="mono breakable">
                {issuer}
              </span>,
            ],
          }))}
        />
      )}
    </Panel>
  );
}

function CredentialProviders({ configuration: { resources } }: { configuration: Configuration }) {
  const byProvider = Map.groupBy(resources, ({ credentialProvider }) => credentialProvider);
  return (
    <Panel title="Credential providers" note="Where credentials come from, and for which resources.">
      {byProvider.size === 0 ? (
        <EmptyState title="No resource yet">A resource names what a job may ask for.</EmptyState>
      ) : (
        <SettingsTable
          label="Credential providers"
          head={['Name', 'Type', 'Resources']}
          rows={[...byProvider].map(([name, of]) => ({
            key: name,
            cells: [
              name,
              of[0]?.credentialType,
              <Stack key="resources" gap={4}>
                {of.map((resource) => (
                  <span key={resource.name}>
                    <Anchor
                      renderRoot={(root) => (
                        <Link {...root} to="/access/resources/$name" params={{ name: resource.name }} />
                      )}
                    >
                      {resource.name}
                    </Anchor>{' '}
                    {resource.storedSecret ? <StateBadge state="attention" label="stored secret" /> : null}
                  </span>
                ))}
              </Stack>,
            ],
          }))}
        />
      )}
    </Panel>
  );
}

const SINK_STATES = {
  sending: 'good',
  idle: 'good',
  starting: 'unknown',
  retrying: 'attention',
  down: 'act',
  stopped: 'act',
  removed: 'unknown',
} as const satisfies Record<Configuration['sinks'][number]['state'], string>;

function Sinks({ configuration: { sinks, witnesses } }: { configuration: Configuration }) {
  return (
    <Panel
      title="Copies of the record"
      note={
        witnesses.length === 0
          ? 'No witness signs the log yet.'
          : `${count(witnesses.length, 'witness', 'witnesses')} sign the log.`
      }
      actions={
        <Anchor renderRoot={(root) => <Link {...root} to="/record" />} fz="sm">
          Record
        </Anchor>
      }
    >
      {sinks.length === 0 ? (
        <EmptyState title="No sink">
          A sink sends every event to your SIEM: <Code>sinks</Code> in vouchgate.yaml.
        </EmptyState>
      ) : (
        <SettingsTable
          label="Sinks"
          head={['Name', 'Type', 'State']}
          rows={sinks.map(({ name, type, state }) => ({
            key: name,
            cells: [name, type, <StateBadge key="state" state={SINK_STATES[state]} label={state} />],
          }))}
        />
      )}
    </Panel>
  );
}

function Inputs({ configuration: { inputs } }: { configuration: Configuration }) {
  return (
    <Panel title="Inputs" note="What other systems say was done with a credential.">
      {inputs.length === 0 ? (
        <EmptyState title="No input">
          CloudTrail, GitHub’s audit log and others show what a credential did: <Code>inputs</Code> in
          vouchgate.yaml.
        </EmptyState>
      ) : (
        <SettingsTable
          label="Inputs"
          head={['Name', 'Type', 'Last read']}
          rows={inputs.map(({ name, type, mode, readAt }) => ({
            key: name,
            cells: [
              name,
              type,
              readAt === null ? (
                <Text key="read" c="dimmed">
                  {mode === 'receive' ? 'delivers by itself' : 'not yet'}
                </Text>
              ) : (
                <TimeAgo key="read" moment={readAt} />
              ),
            ],
          }))}
        />
      )}
    </Panel>
  );
}
