import type { TimelineEntry } from '#api/timeline.ts';
import { Anchor, Badge, Button, Group, Select, Stack, Text, TextInput, Timeline } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint } from 'lucide-react';
import { useState } from 'react';
import { pagedQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { IDENTITY_KINDS, type IdentityKind, type RecordSearch } from './search.ts';

const PAGE = 50;
const HEIGHT = 420;

const KINDS: Readonly<Record<IdentityKind, { label: string; example: string }>> = {
  actor: { label: 'Person or service', example: 'github/583231' },
  principal: { label: 'Workload identity', example: 'github/repo:acme/shop:ref:refs/heads/main' },
  project: { label: 'Repository, by id', example: 'github/74' },
  resource: { label: 'Resource', example: 'shop-db' },
  run: { label: 'Run', example: 'github/9876' },
  decision: { label: 'Decision', example: 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA' },
};

/** What was done by, to or through one identity, here and elsewhere. */
export function TimelineTab(props: {
  kind: IdentityKind | undefined;
  of: string | undefined;
  onChange: (search: RecordSearch) => void;
}) {
  const { kind = 'actor', of, onChange } = props;
  return (
    <Stack gap="lg">
      <IdentityForm key={`${kind} ${of ?? ''}`} kind={kind} of={of} onChange={onChange} />
      {of === undefined ? (
        <EmptyState title="Whose timeline?" icon={Fingerprint}>
          Name a person, a workload, a repository, a resource or a run: everything that this record and the
          connected systems know of it is put in one order.
        </EmptyState>
      ) : (
        <Entries kind={kind} of={of} />
      )}
    </Stack>
  );
}

function IdentityForm(props: {
  kind: IdentityKind;
  of: string | undefined;
  onChange: (search: RecordSearch) => void;
}) {
  const { kind, of, onChange } = props;
  const [chosen, setChosen] = useState(kind);
  const [text, setText] = useState(of ?? '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ kind: chosen, of: text.trim() === '' ? undefined : text.trim() });
      }}
    >
      <Group align="flex-end">
        <Select
          label="Identity"
          data={IDENTITY_KINDS.map((each) => ({ value: each, label: KINDS[each].label }))}
          value={chosen}
          onChange={(value) => setChosen(IDENTITY_KINDS.find((each) => each === value) ?? 'actor')}
          allowDeselect={false}
          w={{ base: '100%', xs: 220 }}
        />
        <TextInput
          label="Id"
          placeholder={KINDS[chosen].example}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maxLength={600}
          flex={1}
          miw={220}
        />
        <Button type="submit">Show</Button>
      </Group>
    </form>
  );
}

function Entries({ kind, of }: { kind: IdentityKind; of: string }) {
  const query = useInfiniteQuery(
    pagedQuery('listTimeline', { query: { [kind]: of, limit: PAGE } }, 'before', ({ next }) => next),
  );
  return (
    <QueryView query={query} height={HEIGHT}>
      {({ pages }) => {
        const entries = pages.flatMap((page) => page.entries);
        const isOff = pages[0]?.indexed_through === null;
        if (entries.length === 0) {
          return (
            <EmptyState title={isOff ? 'The timeline is off' : 'Nothing is known of it'}>
              {isOff
                ? 'Turn it on with `inputs: { timeline: true }` in vouchgate.yaml: then events can be found by identity.'
                : 'Ids are those of the platform, with its short name in front: `github/583231`.'}
            </EmptyState>
          );
        }
        return (
          <Panel title="Newest first">
            <Timeline bulletSize={12} lineWidth={2} active={entries.length}>
              {entries.map((entry) => (
                <Entry key={entry.origin === 'input' ? entry.activity.id : entry.event.id} entry={entry} />
              ))}
            </Timeline>
            {query.hasNextPage ? (
              <Button
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Older
              </Button>
            ) : null}
          </Panel>
        );
      }}
    </QueryView>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  if (entry.origin === 'input') {
    const { platform, action, actor, target, outcome, addresses } = entry.activity;
    return (
      <Timeline.Item title={<Text component="span">{action}</Text>}>
        <Group gap={6}>
          <Badge color="gray">{platform}</Badge>
          {outcome === 'failure' ? <Badge color="orange">failed</Badge> : null}
        </Group>
        <Text fz="sm" className="breakable">
          {[actor.name ?? actor.id, target, addresses.join(', ')].filter((part) => part).join(' · ')}
        </Text>
        <When moment={entry.time} />
      </Timeline.Item>
    );
  }
  const { event } = entry;
  return (
    <Timeline.Item title={<Text component="span">{event.type}</Text>}>
      <Text fz="sm" className="breakable">
        {[event.actor.id, event.resource].filter((part) => part !== undefined).join(' · ')}
      </Text>
      {event.decision === undefined ? null : (
        <Anchor
          fz="sm"
          renderRoot={(root) => <Link {...root} to="/decisions/$id" params={{ id: event.decision ?? '' }} />}
        >
          The decision
        </Anchor>
      )}
      <When moment={entry.time} />
    </Timeline.Item>
  );
}

function When({ moment }: { moment: string }) {
  return (
    <Text fz="sm" c="dimmed">
      <TimeAgo moment={moment} />
    </Text>
  );
}
