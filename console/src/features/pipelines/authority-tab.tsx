import type {
  AuthorityEdge,
  AuthorityGraph,
  AuthorityNode,
  AuthorityNodeKind,
} from '#api/authority-graph.ts';
import type { Pipeline } from '#api/pipeline.ts';
import { Chip, Grid, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import {
  Archive,
  Box,
  Code,
  Cog,
  Cpu,
  Database,
  Fingerprint,
  KeyRound,
  LockOpen,
  type LucideIcon,
  Ticket,
  UserRound,
  Zap,
} from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { QueryView } from '../../components/query-view.tsx';
import { AuthorityPanel } from './authority-panel.tsx';
import { AuthorityTable } from './authority-table.tsx';
import type { GraphBox } from './graph-model.ts';
import { GraphSkeleton } from './graph-skeleton.tsx';
import { NODE_KINDS, type PipelineSearch } from './search.ts';
import { NODE_LABELS } from './words.ts';

const GraphCanvas = lazy(async () => ({ default: (await import('./graph-canvas.tsx')).GraphCanvas }));

const HEIGHT = '34rem';
const SKELETON_HEIGHT = 600;

const ICONS: Readonly<Record<AuthorityNodeKind, LucideIcon>> = {
  actor: UserRound,
  trigger: Zap,
  job: Cog,
  code: Code,
  secret: KeyRound,
  token: Ticket,
  identity: Fingerprint,
  environment: Box,
  runner: Cpu,
  cache: Database,
  artifact: Archive,
  resource: LockOpen,
};

/** Much of it, and rarely what one looks for. */
const HIDDEN_AT_FIRST: readonly AuthorityNodeKind[] = ['runner'];

function toneOf({ attacked, trust }: AuthorityNode): GraphBox['tone'] {
  if (attacked !== null) return 'attacked';
  return trust === 'project' ? 'plain' : trust;
}

function boxOf(node: AuthorityNode): GraphBox {
  const { id, kind, label, attacked, trust } = node;
  const note =
    attacked === null
      ? trust === 'outsider'
        ? 'outsiders decide what it is'
        : undefined
      : `an attack leads through it (${attacked})`;
  return { id, kind: NODE_LABELS[kind], label, icon: ICONS[kind], tone: toneOf(node), note };
}

/** What an attack takes its way over, and what it gets. */
const TAKEN: ReadonlySet<AuthorityNodeKind> = new Set(['secret', 'token', 'identity', 'environment']);

function isAttack({ from, to, kind }: AuthorityEdge, nodes: readonly AuthorityNode[]): boolean {
  if (kind === 'leads-to') return true;
  const [one, other] = [nodes.find(({ id }) => id === from), nodes.find(({ id }) => id === to)];
  if (one === undefined || other === undefined) return false;
  const isOpen = one.trust === 'outsider' && (other.attacked !== null || other.trust === 'outsider');
  return (isOpen && kind !== 'runs') || (one.attacked !== null && TAKEN.has(other.kind));
}

/** Who can make what run, and what it reaches: drawn, and as a table. */
export function AuthorityTab(props: {
  pipeline: Pipeline;
  search: PipelineSearch;
  onChange: (change: Partial<PipelineSearch>) => void;
}) {
  const { repository, file } = props.pipeline;
  const query = useQuery(operationQuery('getPipelineAuthority', { query: { repository, file } }));
  return (
    <QueryView query={query} height={SKELETON_HEIGHT}>
      {(graph) => <Explorer {...props} graph={graph} />}
    </QueryView>
  );
}

function Explorer(props: {
  graph: AuthorityGraph;
  pipeline: Pipeline;
  search: PipelineSearch;
  onChange: (change: Partial<PipelineSearch>) => void;
}) {
  const { graph, pipeline, search, onChange } = props;
  const { node: selected, hide: hidden = HIDDEN_AT_FIRST } = search;
  const onSelect = (id: string | undefined) => onChange({ node: id });
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const form = search.as ?? (isPhone ? 'table' : 'graph');
  const shown = useMemo(() => {
    const nodes = graph.nodes.filter(({ kind, id }) => !hidden.includes(kind) || id === selected);
    const ids = new Set(nodes.map(({ id }) => id));
    return { nodes, edges: graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
  }, [graph, hidden, selected]);
  const boxes = useMemo(() => shown.nodes.map(boxOf), [shown]);
  const lines = useMemo(
    () => shown.edges.map((edge) => ({ from: edge.from, to: edge.to, attack: isAttack(edge, shown.nodes) })),
    [shown],
  );
  const kinds = NODE_KINDS.filter((kind) => graph.nodes.some((node) => node.kind === kind));
  const node = graph.nodes.find(({ id }) => id === selected);
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Group gap={6} role="group" aria-label="Kinds that are shown">
          {kinds.map((kind) => (
            <Chip
              key={kind}
              size="xs"
              variant="light"
              checked={!hidden.includes(kind)}
              onChange={(checked) =>
                onChange({
                  hide: NODE_KINDS.filter((each) => (each === kind ? !checked : hidden.includes(each))),
                })
              }
            >
              {NODE_LABELS[kind]}
            </Chip>
          ))}
        </Group>
        <SegmentedControl
          size="xs"
          aria-label="How to show it"
          data={[
            { value: 'graph', label: 'Graph' },
            { value: 'table', label: 'Table' },
          ]}
          value={form}
          onChange={(chosen) => onChange({ as: chosen === 'table' ? 'table' : 'graph' })}
        />
      </Group>
      {graph.left > 0 ? (
        <Text fz="sm" c="dimmed">
          {graph.left} more had no room in it.
        </Text>
      ) : null}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: node === undefined ? 12 : 8 }}>
          {form === 'table' ? (
            <AuthorityTable
              graph={{ ...graph, ...shown }}
              repository={pipeline.repository}
              onSelect={onSelect}
              selected={selected}
            />
          ) : (
            <Suspense fallback={<GraphSkeleton height={HEIGHT} />}>
              <GraphCanvas
                label="Authority graph: from who can start it to what it reaches"
                boxes={boxes}
                lines={lines}
                selected={selected}
                onSelect={onSelect}
                height={HEIGHT}
              />
            </Suspense>
          )}
        </Grid.Col>
        {node === undefined ? null : (
          <Grid.Col span={{ base: 12, md: 4 }}>
            <AuthorityPanel node={node} graph={graph} pipeline={pipeline} onSelect={onSelect} />
          </Grid.Col>
        )}
      </Grid>
    </Stack>
  );
}
