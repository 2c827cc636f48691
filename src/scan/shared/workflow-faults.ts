import { memoize } from '#pipeline/memoize.ts';
import type { Pipeline } from '#pipeline/model.ts';
import { asScalar, findValue } from '#pipeline/yaml/access.ts';
import { isForOtherServer } from './other-servers.ts';
import { findShapeFaults, type ShapeFault } from './shape.ts';
import { WORKFLOW_SHAPE } from './workflow-shape.ts';

/** A file that has no jobs is something else, and every key of it would be wrong. */
function looksLikeWorkflow(pipeline: Pipeline): boolean {
  return (
    pipeline.kind === 'workflow' &&
    !isForOtherServer(pipeline) &&
    pipeline.problems.length === 0 &&
    asScalar(findValue(pipeline.node, 'jobs')) === undefined
  );
}

/** What in a workflow has not the shape that GitHub wants. */
export const workflowFaultsOf = memoize((pipeline: Pipeline): readonly ShapeFault[] =>
  looksLikeWorkflow(pipeline) ? findShapeFaults(pipeline.node, WORKFLOW_SHAPE, 'workflow') : [],
);
