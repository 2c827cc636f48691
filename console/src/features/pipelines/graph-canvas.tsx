import '@xyflow/react/dist/base.css';
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeChange,
  type NodeProps,
  Position,
  ReactFlow,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { memo, useEffect, useMemo } from 'react';
import classes from './graph-canvas.module.css';
import { layOut } from './graph-layout.ts';
import { type GraphBox, type GraphLine, NODE_HEIGHT, NODE_WIDTH, relativesOf } from './graph-model.ts';

type BoxNode = Node<{ box: GraphBox; faded: boolean }, 'box'>;

const Box = memo(function Box({ data: { box, faded }, selected }: NodeProps<BoxNode>) {
  const { icon: Icon, kind, label, tone, note } = box;
  return (
    <div
      className={classes.box}
      data-tone={tone}
      data-faded={faded || undefined}
      data-selected={selected || undefined}
    >
      <Handle type="target" position={Position.Left} className={classes.handle} isConnectable={false} />
      <Icon size={17} aria-hidden className={classes.icon} />
      <span className={classes.text}>
        <span className={classes.kind}>{kind}</span> <span className={classes.label}>{label}</span>
        {note === undefined ? null : <span className="visually-hidden">, {note}</span>}
      </span>
      <Handle type="source" position={Position.Right} className={classes.handle} isConnectable={false} />
    </div>
  );
});

const NODE_TYPES = { box: Box };
/** What is larger than this can show is moved about: nobody can read smaller boxes. */
const FIT = { padding: 0.04, maxZoom: 1, minZoom: 0.45 };

/** A panel beside it takes some of its width. */
function FitToWidth() {
  const width = useStore((state) => state.width);
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (width > 0) void fitView(FIT);
  }, [width, fitView]);
  return null;
}

/** A drawn graph: boxes are reached by Tab and chosen by Enter; what belongs to the chosen one stays bright. */
export function GraphCanvas(props: {
  label: string;
  boxes: readonly GraphBox[];
  lines: readonly GraphLine[];
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
  height: number | string;
}) {
  const { label, boxes, lines, selected, onSelect, height } = props;
  const places = useMemo(
    () =>
      layOut(
        boxes.map(({ id }) => id),
        lines,
      ),
    [boxes, lines],
  );
  const related = useMemo(
    () => (selected === undefined ? undefined : relativesOf(selected, lines)),
    [selected, lines],
  );
  const nodes = boxes.map(
    (box): BoxNode => ({
      id: box.id,
      type: 'box',
      position: places.get(box.id) ?? { x: 0, y: 0 },
      data: { box, faded: related !== undefined && !related.has(box.id) },
      selected: box.id === selected,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      ariaRole: 'button',
      domAttributes: { 'aria-pressed': box.id === selected } as Exclude<Node['domAttributes'], undefined>,
    }),
  );
  const edges = lines.map(({ from, to, attack = false }, index): Edge => {
    const bright = related === undefined || (related.has(from) && related.has(to));
    return {
      id: String(index),
      source: from,
      target: to,
      className: `${classes.line}${attack ? ` ${classes.attack}` : ''}${bright ? '' : ` ${classes.dim}`}`,
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
      focusable: false,
    };
  });
  const choose = (changes: NodeChange<BoxNode>[]) => {
    const chosen = changes.find((change) => change.type === 'select' && change.selected);
    if (chosen?.type === 'select') onSelect(chosen.id);
  };
  return (
    <section className={classes.canvas} style={{ height }} aria-label={label}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        onNodesChange={choose}
        onPaneClick={() => onSelect(undefined)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        preventScrolling={false}
        zoomOnScroll={false}
        minZoom={0.15}
        maxZoom={1.6}
        fitView
        fitViewOptions={FIT}
      >
        <FitToWidth />
        <Background gap={22} size={1} />
        <Controls showInteractive={false} fitViewOptions={FIT} />
      </ReactFlow>
    </section>
  );
}
