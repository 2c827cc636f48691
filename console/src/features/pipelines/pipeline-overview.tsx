import type { Pipeline, PipelineFinding } from '#api/pipeline.ts';
import { Anchor, Grid, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { EmptyState } from '../../components/empty-state.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { AttackCard } from './attack-card.tsx';
import { Prose } from './prose.tsx';
import { SeverityLine } from './severity-line.tsx';
import { SEVERITIES } from './search.ts';
import { actorLabel, PLATFORM_LABELS, plural } from './words.ts';

const FINDINGS_SHOWN = 12;
const ATTACKS_SHOWN = 3;

/** The short answer: is anything wrong, who can start it, what does it hold. */
export function PipelineOverview({ pipeline }: { pipeline: Pipeline }) {
  const standing = pipeline.findings
    .filter(({ accepted }) => accepted === null)
    .toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack>
          <Attacks pipeline={pipeline} />
          <Findings pipeline={pipeline} findings={standing} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack>
          <Facts pipeline={pipeline} />
          <Held pipeline={pipeline} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function Attacks({ pipeline: { attackPaths } }: { pipeline: Pipeline }) {
  if (attackPaths.length === 0) {
    return (
      <Panel title="Attack paths">
        <EmptyState title="No way in was found" icon={ShieldCheck}>
          Nobody outside of the project gets from here to something of it.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel
      title={plural(attackPaths.length, 'attack path')}
      note="Ways from somebody outside to something of the project, those first that an attacker would take."
    >
      {attackPaths.slice(0, ATTACKS_SHOWN).map((attack) => (
        <AttackCard key={attack.id} attack={attack} />
      ))}
      {attackPaths.length > ATTACKS_SHOWN ? (
        <Text fz="sm" c="dimmed">
          {attackPaths.length - ATTACKS_SHOWN} more stand among the findings.
        </Text>
      ) : null}
    </Panel>
  );
}

function Findings({ pipeline, findings }: { pipeline: Pipeline; findings: readonly PipelineFinding[] }) {
  const { repository, file } = pipeline;
  return (
    <Panel title={findings.length === 0 ? 'Findings' : plural(findings.length, 'finding')}>
      {findings.length === 0 ? (
        <Text c="dimmed">Our rules found nothing in this definition.</Text>
      ) : (
        <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
          {findings.slice(0, FINDINGS_SHOWN).map(({ fingerprint, severity, message, rule, place }) => (
            <li key={fingerprint}>
              <SeverityLine severity={severity}>
                <Anchor
                  renderRoot={(root) => (
                    <Link
                      {...root}
                      to="/pipelines/pipeline"
                      search={{ repository, file, tab: 'source', line: place.line }}
                    />
                  )}
                  className="breakable"
                >
                  <Prose text={message} />
                </Anchor>
                <Text fz="xs" c="dimmed">
                  {rule} · line {place.line}
                </Text>
              </SeverityLine>
            </li>
          ))}
        </Stack>
      )}
      {findings.length > FINDINGS_SHOWN ? (
        <Anchor
          renderRoot={(root) => (
            <Link {...root} to="/pipelines/pipeline" search={{ repository, file, tab: 'source' }} />
          )}
        >
          All of them in the source
        </Anchor>
      ) : null}
    </Panel>
  );
}

function Facts({ pipeline }: { pipeline: Pipeline }) {
  const { platform, branch, commit, inspectedAt, triggers, permissions, jobs } = pipeline;
  return (
    <Panel title="What it is">
      <KeyValues
        items={[
          ['Platform', PLATFORM_LABELS[platform]],
          ['Jobs', jobs.length],
          ['Branch', branch ?? 'the default branch'],
          ['Commit', <Identifier key="commit" value={commit.slice(0, 12)} label="Copy the commit" />],
          ['Inspected', <TimeAgo key="when" moment={inspectedAt} />],
          [
            'Token may',
            permissions.from === 'default'
              ? 'what each job says, else the platform’s setting'
              : permissions.scopes.join(', ') || 'nothing',
          ],
        ]}
      />
      {triggers.length === 0 ? null : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Started by</Table.Th>
              <Table.Th>Who can</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {triggers.map(({ event, firedBy, filters }) => (
              <Table.Tr key={`${event} ${filters.map(({ name }) => name).join()}`}>
                <Table.Th scope="row" fw={500} className="breakable">
                  {event}
                  {filters.map(({ name, values }) => (
                    <Text key={name} fz="xs" c="dimmed" className="breakable">
                      {name}: {values.join(', ')}
                    </Text>
                  ))}
                </Table.Th>
                <Table.Td>{actorLabel(firedBy)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

/** What somebody gets who gets in: stored values, and how they leave. */
function Held({ pipeline: { staticCredentials, storedSecrets, file } }: { pipeline: Pipeline }) {
  const names = [...new Set(storedSecrets.map(({ name }) => name))];
  return (
    <Panel title="Stored secrets that it reads">
      {names.length === 0 ? (
        <Text c="dimmed">None. There is nothing here to steal that stays valid.</Text>
      ) : (
        <Text className="mono breakable">{names.join(', ')}</Text>
      )}
      {staticCredentials.map(({ id, kindName, secrets, direct, brokered }) => (
        <div key={id}>
          <Text fz="sm" fw={560} className="breakable">
            {kindName}: {secrets.join(', ')}
          </Text>
          <Text fz="sm" c="dimmed">
            {brokered.patch !== null || direct.patch !== null
              ? 'A patch puts the identity of the job in its place.'
              : (brokered.reason ?? direct.reason ?? 'Has to be replaced by hand.')}
          </Text>
        </div>
      ))}
      {staticCredentials.length === 0 ? null : (
        <Anchor
          renderRoot={(root) => <Link {...root} to="/access" search={{}} />}
          fz="sm"
          aria-label={`Ways to federation for the credentials of ${file}`}
        >
          Ways to federation
        </Anchor>
      )}
    </Panel>
  );
}
