import type { Step } from '#pipeline/model.ts';
import { asScalar, findValue } from '#pipeline/yaml/access.ts';
import type { MappingNode, ScalarNode } from '#pipeline/yaml/node.ts';

function defaultIn(node: MappingNode): ScalarNode | undefined {
  return asScalar(findValue(findValue(findValue(node, 'defaults'), 'run'), 'shell'));
}

/** Where the shell of a script is named: at the step, or as the default of its job or workflow; nowhere for most. */
export function namedShellOf({ job, work }: Step): ScalarNode | undefined {
  if (work.kind !== 'script') return undefined;
  return work.shell?.node ?? defaultIn(job.node) ?? defaultIn(job.pipeline.node);
}
