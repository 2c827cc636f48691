import type { AuthorityEdge, AuthorityGraph, AuthorityNode } from '#api/authority-graph.ts';
import type { Pipeline } from '#api/pipeline.ts';
import { Anchor, Button, CloseButton, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FileCode } from 'lucide-react';
import { SeverityBadge } from '../../components/badges.tsx';
import { Diff } from '../../components/diff.tsx';
import { Panel } from '../../components/panel.tsx';
import { Prose } from './prose.tsx';
import { NODE_LABELS, shortFile } from './words.ts';

const TRUST: Readonly<Record<AuthorityNode['trust'], string>> = {
  outsider: 'Somebody outside of the project decides what it is or does.',
  'third-party': 'Others make it: it is as safe as they are.',
  project: 'The project decides what it is.',
};

/** Why a box of the graph is there: what leads to it, what it leads to, and what to change. */
export function AuthorityPanel(props: {
  node: AuthorityNode;
  graph: AuthorityGraph;
  pipeline: Pipeline;
  onSelect: (id: string | undefined) => void;
}) {
  const { node, graph, pipeline, onSelect } = props;
  const { id, kind, label, trust, attacked, detail, file, line } = node;
  return (
    <Panel
      title={<span className="breakable">{label}</span>}
      note={NODE_LABELS[kind]}
      actions={<CloseButton aria-label="Close the details" onClick={() => onSelect(undefined)} />}
    >
      {attacked === null ? null : (
        <Group gap="xs">
          <SeverityBadge severity={attacked} />
          <Text fz="sm">An attack leads through it.</Text>
        </Group>
      )}
      <Text fz="sm">{TRUST[trust]}</Text>
      {detail === null ? null : (
        <Text fz="sm" c="dimmed">
          {detail}
        </Text>
      )}
      <PlaceLink repository={pipeline.repository} file={file} line={line} />
      <Reasons
        title="Leads here"
        edges={graph.edges.filter(({ to }) => to === id)}
        end="from"
        pipeline={pipeline}
        onSelect={onSelect}
      />
      <Reasons
        title="Leads to"
        edges={graph.edges.filter(({ from }) => from === id)}
        end="to"
        pipeline={pipeline}
        onSelect={onSelect}
      />
      {attacked === null ? null : <Changes node={node} pipeline={pipeline} />}
    </Panel>
  );
}

export function PlaceLink(props: { repository: string; file: string | null; line: number | null }) {
  const { repository, file, line } = props;
  if (file === null || line === null) return null;
  return (
    <Anchor
      renderRoot={(root) => (
        <Link {...root} to="/pipelines/pipeline" search={{ repository, file, tab: 'source', line }} />
      )}
      fz="xs"
      className="breakable"
    >
      <Group gap={4} wrap="nowrap" component="span">
        <FileCode size={13} aria-hidden />
        {shortFile(file)}:{line}
      </Group>
    </Anchor>
  );
}

function Reasons(props: {
  title: string;
  edges: readonly AuthorityEdge[];
  end: 'from' | 'to';
  pipeline: Pipeline;
  onSelect: (id: string) => void;
}) {
  const { title, edges, end, pipeline, onSelect } = props;
  if (edges.length === 0) return null;
  return (
    <Stack gap={6}>
      <Text fw={600} fz="sm" component="h3" m={0}>
        {title}
      </Text>
      <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
        {edges.map((edge) => (
          <li key={`${edge.from} ${edge.kind} ${edge.to} ${edge.reason}`}>
            <UnstyledButton onClick={() => onSelect(edge[end])} fz="sm" td="underline" className="breakable">
              <Prose text={edge.reason} />
            </UnstyledButton>
            <PlaceLink repository={pipeline.repository} file={edge.file} line={edge.line} />
          </li>
        ))}
      </Stack>
    </Stack>
  );
}

/** Of the attacks through a job the cheapest change of each. */
function Changes({ node, pipeline }: { node: AuthorityNode; pipeline: Pipeline }) {
  const through = pipeline.attackPaths.filter(
    ({ stations, pipelines }) =>
      (node.file !== null && stations.some(({ place }) => place.file === node.file)) ||
      pipelines.includes(node.file ?? ''),
  );
  const [attack] = through;
  const change = attack?.changes[0];
  if (attack === undefined || change === undefined) return null;
  const patch = change.fix?.patch;
  return (
    <Stack gap="xs">
      <Text fw={600} fz="sm" component="h3" m={0}>
        Change first
      </Text>
      <Text fz="sm" className="breakable">
        <Prose text={change.what} />
      </Text>
      {patch === undefined || patch === null ? null : <Diff patch={patch} title="Patch" />}
      <Button
        variant="light"
        size="compact-sm"
        renderRoot={(root) => (
          <Link {...root} to="/pipelines/attack" search={{ repository: attack.repository, id: attack.id }} />
        )}
        style={{ alignSelf: 'flex-start' }}
      >
        {through.length === 1 ? 'The whole attack path' : `The first of ${through.length} attack paths`}
      </Button>
    </Stack>
  );
}
