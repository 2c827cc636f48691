import type { AuthorityGraph, AuthorityNode } from '#api/authority-graph.ts';
import { Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import { SeverityBadge } from '../../components/badges.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlaceLink } from './authority-panel.tsx';
import { relativesOf } from './graph-model.ts';
import { Prose } from './prose.tsx';
import { NODE_LABELS, plural } from './words.ts';

/** The graph in words, a step a line; with something chosen, only the steps that belong to it. */
export function AuthorityTable(props: {
  graph: AuthorityGraph;
  repository: string;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
}) {
  const { graph, repository, selected, onSelect } = props;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const related = selected === undefined ? undefined : relativesOf(selected, graph.edges);
  const steps = graph.edges.filter(
    ({ from, to }) => related === undefined || (related.has(from) && related.has(to)),
  );
  return (
    <Panel
      title={plural(steps.length, 'step')}
      note={
        related === undefined
          ? 'Each says who leads to what, and why. Choose one end to see only what belongs to it.'
          : 'Only what belongs to what you chose.'
      }
    >
      <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
        {steps.map((edge) => (
          <li key={`${edge.from} ${edge.kind} ${edge.to} ${edge.reason}`}>
            <Group gap={6} align="baseline">
              <End node={nodes.get(edge.from)} selected={selected} onSelect={onSelect} />
              <ArrowRight size={14} role="img" aria-label="leads to" />
              <End node={nodes.get(edge.to)} selected={selected} onSelect={onSelect} />
            </Group>
            <Text fz="sm" c="dimmed" className="breakable">
              <Prose text={edge.reason} />
            </Text>
            <PlaceLink repository={repository} file={edge.file} line={edge.line} />
          </li>
        ))}
      </Stack>
    </Panel>
  );
}

function End(props: {
  node: AuthorityNode | undefined;
  selected: string | undefined;
  onSelect: (id: string) => void;
}) {
  const { node, selected, onSelect } = props;
  if (node === undefined) return null;
  return (
    <>
      <UnstyledButton
        fz="sm"
        fw={560}
        td="underline"
        className="breakable"
        aria-pressed={node.id === selected}
        onClick={() => onSelect(node.id)}
      >
        {NODE_LABELS[node.kind]}: {node.label}
      </UnstyledButton>
      {node.attacked === null ? null : <SeverityBadge severity={node.attacked} />}
    </>
  );
}
