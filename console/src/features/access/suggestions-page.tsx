import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { Suggestion, SuggestionList } from '#api/access-use.ts';
import {
  CircleMinus,
  GitPullRequestArrow,
  Lightbulb,
  type LucideIcon,
  PackageX,
  ShieldPlus,
  Shrink,
  TriangleAlert,
} from 'lucide-react';
import { lazy, Suspense } from 'react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { AccessPage } from './access-page.tsx';
import { useMayEverywhere } from './access-rights.ts';

const Difference = lazy(() =>
  import('./editor/difference.tsx').then((module) => ({ default: module.Difference })),
);

const route = getRouteApi('/shell/access/suggestions');

const KINDS: Readonly<Record<Suggestion['kind'], { label: string; icon: LucideIcon; color: string }>> = {
  narrow: { label: 'Narrow', icon: Shrink, color: 'vouch' },
  'denied-often': { label: 'Missing', icon: ShieldPlus, color: 'blue' },
  'unused-policy': { label: 'Unused policy', icon: CircleMinus, color: 'gray' },
  'unused-resource': { label: 'Unused resource', icon: PackageX, color: 'gray' },
};

const CONFIDENCE = {
  high: 'Much use was seen',
  medium: 'Some use was seen',
  low: 'Little use was seen',
} as const;

export function SuggestionsPage() {
  const query = useQuery(operationQuery('listSuggestions', {}));
  return (
    <AccessPage
      title="Suggestions"
      lead="Least privilege from use: what could be narrower, what could go, and what is missing. Each was tried on what ran."
    >
      <QueryView query={query} height={420}>
        {(list) => <Suggestions list={list} />}
      </QueryView>
    </AccessPage>
  );
}

function Suggestions({ list }: { list: SuggestionList }) {
  const { suggestions, days, omitted, digest } = list;
  const { open } = route.useSearch();
  if (suggestions.length === 0) {
    return (
      <EmptyState title="Nothing to suggest" icon={Lightbulb}>
        {days < 7
          ? `The record covers ${days} days so far. A week of runs tells what is used and what is not.`
          : 'Every permit is as narrow as what used it.'}
      </EmptyState>
    );
  }
  return (
    <Stack>
      <Text fz="sm" c="dimmed">
        From {days} days of recorded runs.
        {omitted === 0 ? '' : ` ${omitted} more wait until these are done.`}
      </Text>
      {suggestions.map((suggestion) => (
        <SuggestionPanel
          key={suggestion.id}
          suggestion={suggestion}
          digest={digest}
          open={suggestion.id === open}
        />
      ))}
    </Stack>
  );
}

function SuggestionPanel(props: { suggestion: Suggestion; digest: string; open: boolean }) {
  const { suggestion, digest, open } = props;
  const { id, kind, title, detail, caution, changes } = suggestion;
  const { label, icon: Icon, color } = KINDS[kind];
  return (
    <Panel
      title={title}
      actions={
        <Badge color={color} leftSection={<Icon size={12} aria-hidden />}>
          {label}
        </Badge>
      }
    >
      <Text fz="sm" className="breakable">
        {detail}
      </Text>
      <Text fz="sm" c="dimmed" className="numeric">
        {seenIn(suggestion)}
      </Text>
      {caution === null ? null : (
        <Alert color="yellow" icon={<TriangleAlert aria-hidden />}>
          {caution}
        </Alert>
      )}
      {changes === null ? null : (
        <>
          {open ? <Changes changes={changes} /> : null}
          <Group gap="xs">
            <ProposeButton suggestion={suggestion} digest={digest} />
            <Button
              variant="default"
              renderRoot={(root) => (
                <Link
                  {...root}
                  to="/access/suggestions"
                  search={open ? {} : { open: id }}
                  resetScroll={false}
                />
              )}
            >
              {open ? 'Hide the change' : 'Show the change'}
            </Button>
            <Button
              variant="subtle"
              renderRoot={(root) => <Link {...root} to="/access/policies/edit" search={{ suggestion: id }} />}
            >
              Open in the editor
            </Button>
          </Group>
        </>
      )}
    </Panel>
  );
}

function Changes({ changes }: { changes: NonNullable<Suggestion['changes']> }) {
  const query = useQuery(operationQuery('getConfigurationFiles', {}));
  return (
    <QueryView query={query} height={180}>
      {({ files }) => (
        <>
          {Object.entries(changes).map(([path, after]) => (
            <Stack key={path} gap={6}>
              <Text fz="sm" fw={560} className="mono breakable">
                {path}
              </Text>
              <Suspense
                fallback={
                  <Text c="dimmed" fz="sm">
                    Loading the difference…
                  </Text>
                }
              >
                <Difference
                  path={path}
                  before={files.find((file) => file.path === path)?.text ?? null}
                  after={after}
                />
              </Suspense>
            </Stack>
          ))}
        </>
      )}
    </QueryView>
  );
}

function ProposeButton({ suggestion, digest }: { suggestion: Suggestion; digest: string }) {
  const mayPropose = useMayEverywhere('propose');
  const navigate = useNavigate();
  const client = useQueryClient();
  const { title, detail, changes } = suggestion;
  const propose = useMutation({
    mutationFn: () =>
      call('createProposal', {
        body: { title: title.slice(0, 120), why: detail, baseDigest: digest, changes: changes ?? {} },
      }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['listProposals'] });
      await navigate({ to: '/access/proposals/$id', params: { id } });
    },
  });
  if (!mayPropose) return null;
  return (
    <>
      <Button
        leftSection={<GitPullRequestArrow size={16} aria-hidden />}
        loading={propose.isPending}
        onClick={() => propose.mutate()}
      >
        Propose it
      </Button>
      {propose.error === null ? null : <ErrorState error={propose.error} />}
    </>
  );
}

/** How much use it rests on, and whom it would hit. */
function seenIn({ confidence, seen, replay }: Suggestion): string {
  const use =
    seen.runs === 0
      ? `The record covers ${seen.days} days`
      : `${CONFIDENCE[confidence]}: ${seen.runs.toLocaleString('en')} runs over ${seen.days} days`;
  if (replay === null) return use;
  const loses = replay.lose === 0 ? 'loses nothing that ran in 30 days' : `${replay.lose} would lose access`;
  if (replay.unclear > 0) return `${use} · for ${replay.unclear} of these jobs nobody can say`;
  return [use, loses, ...(replay.gain === 0 ? [] : [`${replay.gain} would gain access`])].join(' · ');
}
