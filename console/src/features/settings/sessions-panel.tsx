import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PersonSession } from '#api/person.ts';
import { Monitor, Terminal } from 'lucide-react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { StateBadge } from '../../components/badges.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { describeClient } from './describe-client.ts';
import { SettingsTable } from './settings-table.tsx';

/** One's own: where somebody is signed in, and the way to end it. */
export function SessionsPanel() {
  const sessions = useQuery(operationQuery('listSessions', {}));
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: (id: string) => call('endSession', { params: { id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['listSessions'] }),
  });
  return (
    <Panel title="Your sessions" note="Where you are signed in. End what you do not know.">
      {end.error === null ? null : <ErrorState error={end.error} />}
      <QueryView query={sessions} height={180}>
        {(data) => (
          <SettingsTable
            label="Your sessions"
            head={['Where', 'From', 'Last used', 'Ends', '']}
            rows={data.sessions.map((session) => ({
              key: session.id,
              cells: [
                <Client key="client" session={session} />,
                session.sourceIp ?? '–',
                <TimeAgo key="used" moment={session.lastUsedAt} />,
                <TimeAgo key="ends" moment={session.expiresAt} />,
                session.current ? (
                  <StateBadge key="current" state="good" label="This one" />
                ) : (
                  <Button
                    key="end"
                    size="compact-sm"
                    variant="default"
                    loading={end.isPending && end.variables === session.id}
                    onClick={() => end.mutate(session.id)}
                    aria-label={`End the session ${describeClient(session)}`}
                  >
                    End
                  </Button>
                ),
              ],
            }))}
          />
        )}
      </QueryView>
    </Panel>
  );
}

function Client({ session }: { session: PersonSession }) {
  const Icon = session.browser ? Monitor : Terminal;
  return (
    <Group gap="xs" wrap="nowrap">
      <Icon size={16} aria-hidden />
      <span>{describeClient(session)}</span>
    </Group>
  );
}

/** Those of everybody, for who administers. */
export function SessionsOfAllPanel() {
  const sessions = useQuery(operationQuery('listSessionsOfAll', {}));
  const queryClient = useQueryClient();
  const end = async (id: string) => {
    await call('endSessionOfAnyone', { params: { id } });
    await queryClient.invalidateQueries({ queryKey: ['listSessionsOfAll'] });
  };
  return (
    <Panel title="Sessions of everybody" note="Who is signed in now. Ending one is on record.">
      <QueryView query={sessions} height={180}>
        {(data) =>
          data.sessions.length === 0 ? (
            <EmptyState title="Nobody is signed in" />
          ) : (
            <SettingsTable
              label="Sessions of everybody"
              head={['Who', 'Where', 'From', 'Last used', '']}
              rows={data.sessions.map((session) => ({
                key: session.id,
                cells: [
                  <Who key="who" session={session} />,
                  <Client key="client" session={session} />,
                  session.sourceIp ?? '–',
                  <TimeAgo key="used" moment={session.lastUsedAt} />,
                  session.current ? (
                    <StateBadge key="current" state="good" label="This one" />
                  ) : (
                    <ConfirmButton
                      key="end"
                      size="compact-sm"
                      variant="default"
                      label="End"
                      title={`End the session of ${session.subject}?`}
                      confirm="End the session"
                      onConfirm={() => end(session.id)}
                    >
                      They are signed out within five seconds, and may sign in again while they have a role.
                    </ConfirmButton>
                  ),
                ],
              }))}
            />
          )
        }
      </QueryView>
    </Panel>
  );
}

function Who({ session: { name, subject, signedInBy } }: { session: PersonSession }) {
  return (
    <div>
      <Text fz="sm">{name ?? subject}</Text>
      <Text fz="xs" c="dimmed" className="breakable">
        {name === null ? '' : `${subject}, `}
        {signedInBy === 'link' ? 'by admin link' : 'by identity provider'}
      </Text>
    </div>
  );
}
