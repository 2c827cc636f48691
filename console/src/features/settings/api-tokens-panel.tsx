import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiToken } from '#api/person.ts';
import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { StateBadge } from '../../components/badges.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useNow } from '../../components/use-now.ts';
import { CreateTokenModal } from './create-token-modal.tsx';
import { SettingsTable } from './settings-table.tsx';

/** One's own tokens for automation. */
export function ApiTokensPanel() {
  const tokens = useQuery(operationQuery('listApiTokens', {}));
  const queryClient = useQueryClient();
  const [opened, { open, close }] = useDisclosure(false);
  const [fresh, setFresh] = useState<string>();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['listApiTokens'] });
  const end = async (id: string) => {
    await call('revokeApiToken', { params: { id } });
    await refresh();
  };
  return (
    <Panel
      title="Your API tokens"
      note="For scripts and pipelines that call the API. A token acts in your name, does no more than you may, and ends by itself."
      actions={
        <Button size="compact-md" leftSection={<Plus size={16} aria-hidden />} onClick={open}>
          New token
        </Button>
      }
    >
      <CreateTokenModal
        opened={opened}
        onClose={close}
        onCreated={(token) => {
          setFresh(token);
          close();
          void refresh();
        }}
      />
      {fresh === undefined ? null : <FreshToken token={fresh} onDone={() => setFresh(undefined)} />}
      <QueryView query={tokens} height={200}>
        {(data) => (
          <TokenTable label="Your API tokens" tokens={data.tokens} end={end}>
            <EmptyState title="No API token yet">
              With one, <Code>vouchgate import</Code> and your own scripts need no person:{' '}
              <Code>VOUCHGATE_TOKEN=vga_…</Code>
            </EmptyState>
          </TokenTable>
        )}
      </QueryView>
    </Panel>
  );
}

function FreshToken({ token, onDone }: { token: string; onDone: () => void }) {
  return (
    <Alert color="vouch" title="Copy the token now: it is not shown again" role="status">
      <Stack gap="sm">
        <CodeBlock title="API token" code={token} wrap />
        <Text fz="sm">
          Keep it where your automation keeps secrets, and hand it over as <Code>VOUCHGATE_TOKEN</Code>.
        </Text>
        <Button size="compact-sm" variant="default" onClick={onDone} style={{ alignSelf: 'flex-start' }}>
          I have it
        </Button>
      </Stack>
    </Alert>
  );
}

/** Those of everybody, for who administers. */
export function TokensOfAllPanel() {
  const tokens = useQuery(operationQuery('listApiTokensOfAll', {}));
  const queryClient = useQueryClient();
  const end = async (id: string) => {
    await call('revokeApiTokenOfAnyone', { params: { id } });
    await queryClient.invalidateQueries({ queryKey: ['listApiTokensOfAll'] });
  };
  return (
    <Panel title="API tokens of everybody" note="What is not used should not be there.">
      <QueryView query={tokens} height={200}>
        {(data) => (
          <TokenTable label="API tokens of everybody" tokens={data.tokens} end={end} showOwner>
            <EmptyState title="Nobody has an API token" />
          </TokenTable>
        )}
      </QueryView>
    </Panel>
  );
}

function TokenTable(props: {
  label: string;
  tokens: readonly ApiToken[];
  end: (id: string) => Promise<void>;
  showOwner?: boolean;
  children: ReactNode;
}) {
  const { label, tokens, end, showOwner = false, children } = props;
  const nowMs = useNow();
  if (tokens.length === 0) return children;
  return (
    <SettingsTable
      label={label}
      head={['Name', ...(showOwner ? ['Of'] : []), 'May', 'Last used', 'Ends', '']}
      rows={tokens.map((token) => ({
        key: token.id,
        cells: [
          token.name,
          ...(showOwner ? [token.subject] : []),
          <Bounds key="bounds" token={token} />,
          token.lastUsedAt === null ? 'never' : <TimeAgo key="used" moment={token.lastUsedAt} />,
          <TimeAgo key="ends" moment={token.expiresAt} />,
          token.revokedAt !== null ? (
            <StateBadge key="state" state="unknown" label="Ended" />
          ) : Date.parse(token.expiresAt) <= nowMs ? (
            <StateBadge key="state" state="unknown" label="Expired" />
          ) : (
            <ConfirmButton
              key="end"
              size="compact-sm"
              variant="default"
              label="End"
              aria-label={`End the token ${token.name}`}
              title={`End the token “${token.name}”?`}
              confirm="End the token"
              onConfirm={() => end(token.id)}
            >
              What uses it is refused from now on. It cannot be brought back.
            </ConfirmButton>
          ),
        ],
      }))}
    />
  );
}

function Bounds({ token: { actions, repositories } }: { token: ApiToken }) {
  return (
    <div>
      <Text fz="sm" className="mono">
        {actions.join(', ')}
      </Text>
      <Text fz="xs" c="dimmed" className="breakable">
        {repositories === null ? 'all repositories of its maker' : repositories.join(', ')}
      </Text>
    </div>
  );
}
