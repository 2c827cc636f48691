import { Alert, Code, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { actionMeanings } from '#api/action-meanings.ts';
import type { RoleOverview } from '#api/person.ts';
import { Check, Minus } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { useMay } from '../../session/me.ts';
import { SessionsOfAllPanel } from './sessions-panel.tsx';
import { SettingsTable } from './settings-table.tsx';
import { TokensOfAllPanel } from './api-tokens-panel.tsx';

const EXAMPLE = `people:
  signIn:
    name: Acme SSO
    issuer: https://login.acme.example
    clientId: vouchgate
    clientSecret: { env: OIDC_CLIENT_SECRET }
    scopes: [openid, profile, email, groups]
  roles:
    - { role: owner, groups: [platform-engineering] }
    - { role: security, groups: [security] }
    - { role: developer, groups: [shop-developers], team: shop }
    - { role: auditor, groups: [internal-audit] }
  teams:
    shop: { repositories: [acme/shop, acme/shop-deploy] }
`;

export function PeoplePanels() {
  const roles = useQuery(operationQuery('getRoles', {}));
  const mayAdminister = useMay('administer');
  return (
    <Stack gap="lg">
      <QueryView query={roles} height={680}>
        {(data) => (
          <Stack gap="lg">
            <SignIn signIn={data.signIn} />
            <Assignments overview={data} />
            <Matrix overview={data} />
          </Stack>
        )}
      </QueryView>
      {mayAdminister ? <SessionsOfAllPanel /> : null}
      {mayAdminister ? <TokensOfAllPanel /> : null}
    </Stack>
  );
}

function SignIn({ signIn }: Pick<RoleOverview, 'signIn'>) {
  if (signIn !== null) {
    return (
      <Panel title="Sign-in">
        <Text>
          People sign in with <b>{signIn.name}</b>, <span className="mono breakable">{signIn.issuer}</span>.
          The admin link of the terminal stays a way in for an owner.
        </Text>
      </Panel>
    );
  }
  return (
    <Panel title="Sign-in" note="Only the admin link lets somebody in, as an owner.">
      <Text fz="sm">
        Let people sign in with your identity provider: register this address as the redirect URI there, and
        put a section like this into vouchgate.yaml.
      </Text>
      <CodeBlock title="redirect URI" code={`${window.location.origin}/auth/callback`} />
      <CodeBlock title="vouchgate.yaml" code={EXAMPLE} />
    </Panel>
  );
}

function Assignments({ overview: { assignments, teams, ownPolicies } }: { overview: RoleOverview }) {
  return (
    <Panel
      title="Who has which role"
      note="From people.roles of vouchgate.yaml. A change holds at once, also for who is signed in."
    >
      {assignments.length === 0 ? (
        <EmptyState title="Nobody has a role yet">
          Owners come in by the admin link. <Code>people.roles</Code> gives roles to groups.
        </EmptyState>
      ) : (
        <SettingsTable
          label="Roles and who has them"
          head={['Role', 'Groups', 'People', 'Where']}
          rows={assignments.map(({ role, team, groups, subjects }, at) => ({
            key: `${role}-${at}`,
            cells: [
              role,
              groups.join(', ') || '–',
              subjects.join(', ') || '–',
              team === null ? 'everywhere' : `team ${team}`,
            ],
          }))}
        />
      )}
      {teams.length === 0 ? null : (
        <SettingsTable
          label="Teams and their repositories"
          head={['Team', 'Repositories']}
          rows={teams.map(({ name, repositories }) => ({
            key: name,
            cells: [
              name,
              <span key="names" className="mono">
                {repositories.join(', ')}
              </span>,
            ],
          }))}
        />
      )}
      {ownPolicies.length === 0 ? null : (
        <Alert color="gray" title="Policies of your own take part">
          <span className="mono">{ownPolicies.join(', ')}</span>. The table below shows their effect on roles;
          what they say about single people or teams is not in it.
        </Alert>
      )}
    </Panel>
  );
}

function Matrix({ overview: { roles } }: { overview: RoleOverview }) {
  return (
    <Panel
      title="What a role may do"
      note="Decided by Cedar. “Everywhere” is not part of a role held for a team."
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <Table.ScrollContainer
        minWidth={720}
        pos="relative"
        type="native"
        tabIndex={0}
        role="region"
        aria-label="Table of roles"
      >
        <Table aria-label="Actions by role" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Action</Table.Th>
              {roles.map(({ role }) => (
                <Table.Th key={role} scope="col">
                  {role}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {Object.entries(actionMeanings).map(([action, meaning]) => (
              <Table.Tr key={action}>
                <Table.Th scope="row" fw={400}>
                  <Text fz="sm" className="mono">
                    {action}
                  </Text>
                  <Text fz="xs" c="dimmed">
                    {meaning}
                  </Text>
                </Table.Th>
                {roles.map(({ role, actions, actionsInTeam }) => (
                  <Table.Td key={role}>
                    <Allowed
                      allowed={actions.some((other) => other === action)}
                      inTeam={actionsInTeam.some((other) => other === action)}
                    />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}

function Allowed({ allowed, inTeam }: { allowed: boolean; inTeam: boolean }) {
  if (!allowed) {
    return (
      <Text c="dimmed" component="span">
        <Minus size={14} aria-hidden />
        <span className="visually-hidden">no</span>
      </Text>
    );
  }
  return (
    <Group gap={4} wrap="nowrap">
      <Check size={14} aria-hidden />
      <Text fz="xs" component="span">
        {inTeam ? 'yes' : 'everywhere'}
      </Text>
    </Group>
  );
}
