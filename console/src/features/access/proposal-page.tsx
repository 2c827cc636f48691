import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { FileChanges, Proposal } from '#api/configuration-change.ts';
import { Check, Undo2, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { Diff } from '../../components/diff.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useMe } from '../../session/me.ts';
import { useMayEverywhere } from './access-rights.ts';
import { ProposalStateBadge } from './proposals-page.tsx';
import { ReplayView } from './replay-view.tsx';

const Difference = lazy(() =>
  import('./editor/difference.tsx').then((module) => ({ default: module.Difference })),
);

const route = getRouteApi('/shell/access/proposals/$id');

export function ProposalPage() {
  const { id } = route.useParams();
  const query = useQuery(operationQuery('getProposal', { params: { id } }));
  return (
    <Page
      title={query.data?.title ?? 'Proposal'}
      lead={
        query.data === undefined ? undefined : query.data.why === '' ? 'No reason was given.' : query.data.why
      }
      crumbs={[
        { label: 'Access', link: { to: '/access' } },
        { label: 'Proposals', link: { to: '/access/proposals' } },
      ]}
      actions={query.data === undefined ? undefined : <ProposalStateBadge state={query.data.state} />}
    >
      <QueryView query={query} height={640}>
        {(proposal) => <Review proposal={proposal} />}
      </QueryView>
    </Page>
  );
}

function Review({ proposal }: { proposal: Proposal }) {
  const { author, createdAt, decidedBy, decidedAt, comment, files, state } = proposal;
  return (
    <Stack gap="md">
      <Panel title="Where it stands">
        <KeyValues
          items={[
            [
              'Proposed',
              <span key="p" className="breakable">
                by {author}, <TimeAgo moment={createdAt} />
              </span>,
            ],
            [
              'Decided',
              decidedAt === null ? undefined : (
                <span key="d" className="breakable">
                  by {decidedBy}, <TimeAgo moment={decidedAt} />
                </span>
              ),
            ],
            ['Comment', comment === null || comment === '' ? undefined : comment],
            [
              'In force',
              proposal.appliedAt === null ? undefined : <TimeAgo key="a" moment={proposal.appliedAt} />,
            ],
          ]}
        />
        <StateHelp proposal={proposal} />
      </Panel>
      {state === 'open' ? <LiveReplay proposal={proposal} /> : null}
      <Panel title="The change" note={files.length === 1 ? 'One file.' : `${files.length} files.`}>
        {files.map(({ path, before, after }) => (
          <Stack key={path} gap={6}>
            <Text fz="sm" fw={560} className="mono breakable">
              {path}
              {before === null ? ' (new)' : after === null ? ' (removed)' : ''}
            </Text>
            <Suspense
              fallback={
                <Text c="dimmed" fz="sm">
                  Loading the difference…
                </Text>
              }
            >
              <Difference path={path} before={before} after={after} />
            </Suspense>
          </Stack>
        ))}
      </Panel>
      {state === 'open' ? <Decide proposal={proposal} /> : null}
    </Stack>
  );
}

function StateHelp({ proposal }: { proposal: Proposal }) {
  if (proposal.state === 'superseded') {
    return (
      <Alert color="gray" title="Overtaken">
        The files were changed otherwise meanwhile. Propose it again if it is still wanted.
      </Alert>
    );
  }
  if (proposal.state !== 'approved') return null;
  return (
    <Stack gap="sm">
      <Alert color="blue" title="Waits to be committed">
        The configuration of this server is a checkout: apply this patch there with `git apply`, commit it,
        and the proposal is marked as in force by itself.
      </Alert>
      <Diff patch={proposal.patch} title="Patch" />
    </Stack>
  );
}

function LiveReplay({ proposal }: { proposal: Proposal }) {
  const changes: FileChanges = Object.fromEntries(proposal.files.map(({ path, after }) => [path, after]));
  const query = useQuery(operationQuery('replayPolicies', { body: { changes, days: 30 } }));
  return (
    <Panel title="What it would have changed" note="The recorded runs of the last 30 days, as of now.">
      <QueryView query={query} height={140}>
        {(replay) => <ReplayView replay={replay} />}
      </QueryView>
    </Panel>
  );
}

function Decide({ proposal }: { proposal: Proposal }) {
  const { id, resultDigest, mayApprove, author } = proposal;
  const isApprover = useMayEverywhere('approve');
  const { subject } = useMe();
  const [comment, setComment] = useState('');
  const client = useQueryClient();
  const settled = () => client.invalidateQueries();
  const approve = useMutation({
    mutationFn: () => call('approveProposal', { params: { id }, body: { resultDigest, comment } }),
    onSettled: settled,
  });
  const reject = useMutation({
    mutationFn: () => call('rejectProposal', { params: { id }, body: { comment } }),
    onSettled: settled,
  });
  const withdraw = useMutation({
    mutationFn: () => call('withdrawProposal', { params: { id } }),
    onSettled: settled,
  });
  const error = approve.error ?? reject.error ?? withdraw.error;
  const busy = approve.isPending || reject.isPending || withdraw.isPending;
  if (!isApprover && author !== subject) return null;
  return (
    <Panel title="Decide">
      <Stack gap="sm">
        {isApprover ? (
          <Textarea
            label="Comment"
            autosize
            minRows={2}
            maxRows={8}
            maxLength={2_000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
        ) : null}
        {isApprover && !mayApprove ? (
          <Text fz="sm" c="dimmed">
            The change is your own, so somebody else approves it.
          </Text>
        ) : null}
        {error === null ? null : <ErrorState error={error} />}
        <Group gap="xs">
          {isApprover && mayApprove ? (
            <Button
              leftSection={<Check size={16} aria-hidden />}
              loading={approve.isPending}
              disabled={busy}
              onClick={() => approve.mutate()}
            >
              Approve
            </Button>
          ) : null}
          {isApprover ? (
            <Button
              variant="default"
              leftSection={<X size={16} aria-hidden />}
              loading={reject.isPending}
              disabled={busy}
              onClick={() => reject.mutate()}
            >
              Turn down
            </Button>
          ) : null}
          {author === subject ? (
            <Button
              variant="default"
              leftSection={<Undo2 size={16} aria-hidden />}
              loading={withdraw.isPending}
              disabled={busy}
              onClick={() => withdraw.mutate()}
            >
              Take back
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Panel>
  );
}
