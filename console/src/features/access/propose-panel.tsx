import { Alert, Button, Group, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FileChanges } from '#api/configuration-change.ts';
import { GitPullRequestArrow } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { useMayEverywhere } from './access-rights.ts';
import { ReplayView } from './replay-view.tsx';

/** Replay first, then the proposal: nobody proposes what they have not seen the effect of. */
export function ProposePanel(props: {
  changes: FileChanges;
  baseDigest: string;
  appliedBy: 'server' | 'checkout';
  approvals: number;
  title: string;
  onProposed: () => void;
}) {
  const { changes, baseDigest, appliedBy, approvals } = props;
  const mayPropose = useMayEverywhere('propose');
  const replay = useQuery(operationQuery('replayPolicies', { body: { changes, days: 30 } }));
  const [title, setTitle] = useState(props.title);
  const [why, setWhy] = useState('');
  const navigate = useNavigate();
  const client = useQueryClient();
  const propose = useMutation({
    mutationFn: () => call('createProposal', { body: { title, why, baseDigest, changes } }),
    onSuccess: async ({ id }) => {
      props.onProposed();
      await client.invalidateQueries({ queryKey: ['listProposals'] });
      await navigate({ to: '/access/proposals/$id', params: { id } });
    },
  });
  return (
    <Panel
      title="What it would have changed"
      note="The recorded runs of the last 30 days, decided with this change."
    >
      {replay.data === undefined ? (
        replay.error === null ? (
          <Skeleton height={140} radius="md" role="status" aria-busy aria-label="Replaying" />
        ) : (
          <ErrorState error={replay.error} retry={() => void replay.refetch()} />
        )
      ) : (
        <ReplayView replay={replay.data} />
      )}
      {mayPropose ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            propose.mutate();
          }}
        >
          <Stack gap="sm">
            <TextInput
              label="Title"
              required
              maxLength={120}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <Textarea
              label="Why"
              description="For whoever approves it, and for the record."
              autosize
              minRows={2}
              maxRows={8}
              maxLength={2_000}
              value={why}
              onChange={(event) => setWhy(event.currentTarget.value)}
            />
            {propose.error === null ? null : <ErrorState error={propose.error} />}
            <Group justify="space-between" gap="sm">
              <Text fz="sm" c="dimmed" maw="34rem">
                {approvals === 0 ? 'You may approve it yourself.' : 'Somebody else has to approve it.'}{' '}
                {appliedBy === 'server'
                  ? 'Then this server puts it in force.'
                  : 'Then it is a patch to commit: the configuration is a checkout.'}
              </Text>
              <Button
                type="submit"
                leftSection={<GitPullRequestArrow size={16} aria-hidden />}
                loading={propose.isPending}
                disabled={replay.data === undefined || title.trim() === ''}
              >
                Propose
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Alert color="gray" title="You may look, and not propose">
          Ask an owner for a role that may propose changes.
        </Alert>
      )}
    </Panel>
  );
}
