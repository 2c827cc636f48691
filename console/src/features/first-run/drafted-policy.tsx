import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { DraftPolicy } from '#api/person.ts';
import { GitPullRequestArrow } from 'lucide-react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { useMay } from '../../session/me.ts';

/** The policy for a run that was refused: to be read, and then proposed or copied. */
export function DraftedPolicy({ decision }: { decision: string }) {
  const draft = useQuery(operationQuery('draftPolicy', { params: { id: decision } }));
  return (
    <Panel
      title="A policy for this job"
      level={3}
      note="For exactly this repository, ref and trigger. Read it: it is what will be allowed."
    >
      <QueryView query={draft} height={260}>
        {(data) => (
          <Stack gap="sm">
            <CodeBlock title={data.file} code={data.text} />
            {data.resourceKnown ? (
              <Propose draft={data} />
            ) : (
              <Text fz="sm">
                There is no resource {data.resource} yet: put it into vouchgate.yaml first (step 3).
              </Text>
            )}
          </Stack>
        )}
      </QueryView>
    </Panel>
  );
}

function Propose({ draft }: { draft: DraftPolicy }) {
  const mayPropose = useMay('propose');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const propose = useMutation({
    mutationFn: async () => {
      const { digest, files } = await call('getConfigurationFiles', {});
      const before = files.find(({ path }) => path === draft.file)?.text;
      const text = before === undefined ? draft.text : `${before.trimEnd()}\n\n${draft.text}`;
      return call('createProposal', {
        body: {
          title: `Let the first job have ${draft.resource}`.slice(0, 120),
          why: `Drafted from decision ${draft.decision}.`,
          baseDigest: digest,
          changes: { [draft.file]: text },
        },
      });
    },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['listProposals'] });
      await navigate({ to: '/access/proposals/$id', params: { id } });
    },
  });
  return (
    <Stack gap="sm">
      {propose.error === null ? null : <ErrorState error={propose.error} />}
      <Group justify="space-between" gap="sm">
        <Text fz="sm" c="dimmed" maw="34rem">
          {mayPropose
            ? `Propose it here, or save it as ${draft.file} beside vouchgate.yaml. Then run the job again.`
            : `Hand it to somebody who may propose changes; it goes to ${draft.file} beside vouchgate.yaml.`}
        </Text>
        <Button
          leftSection={<GitPullRequestArrow size={16} aria-hidden />}
          disabled={!mayPropose}
          loading={propose.isPending}
          onClick={() => propose.mutate()}
        >
          Propose this policy
        </Button>
      </Group>
    </Stack>
  );
}
