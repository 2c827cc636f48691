import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { operationQuery } from '../../api/queries.ts';
import { StateBadge } from '../../components/badges.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useMe } from '../../session/me.ts';

export function AboutPanel() {
  const about = useQuery(operationQuery('getAbout', {}));
  return (
    <Stack gap="lg">
      <Panel title="This server">
        <QueryView query={about} height={150}>
          {({ version, publicUrl, audience, store }) => (
            <KeyValues
              items={[
                ['Version', version],
                ['Public URL', <Identifier key="url" value={publicUrl} label="Copy the public URL" />],
                [
                  'Audience of jobs',
                  <Identifier key="audience" value={audience} label="Copy the audience" />,
                ],
                [
                  'Store',
                  store === 'ready' ? (
                    <StateBadge key="store" state="good" label="Writable" />
                  ) : (
                    <StateBadge key="store" state="act" label="Cannot be written: every exchange is denied" />
                  ),
                ],
                [
                  'API',
                  <Anchor key="api" href="/v1/openapi.json">
                    openapi.json
                  </Anchor>,
                ],
              ]}
            />
          )}
        </QueryView>
      </Panel>
      <You />
    </Stack>
  );
}

function You() {
  const me = useMe();
  const { grants, session } = me;
  return (
    <Panel title="You">
      <KeyValues
        items={[
          ['Name', me.name],
          ['Known as', <Identifier key="subject" value={me.subject} label="Copy your subject" />],
          ['Signed in by', me.signedInBy === 'link' ? 'admin link' : 'identity provider'],
          [
            'Roles',
            grants.map(({ role, team }) => (team === null ? role : `${role} in team ${team}`)).join(', ') ||
              'none',
          ],
          [
            'May',
            <Text key="may" fz="sm" className="mono">
              {me.actions.map(({ action }) => action).join(', ')}
            </Text>,
          ],
          ['Session ends', <TimeAgo key="ends" moment={session.expiresAt} />],
          [
            'Without a click',
            session.idleAt === null ? undefined : <TimeAgo key="idle" moment={session.idleAt} />,
          ],
        ]}
      />
    </Panel>
  );
}
