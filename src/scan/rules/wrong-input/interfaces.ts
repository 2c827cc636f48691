import { memoize } from '#pipeline/memoize.ts';
import type { ActionUse, Job, Pipeline } from '#pipeline/model.ts';
import { asBoolean, asScalar, findValue, pairsOf } from '#pipeline/yaml/access.ts';
import type { KnownAction } from '../../shared/known-actions.ts';

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly type: 'text' | 'boolean' | 'number';
}

/** What somebody who uses an action or calls a workflow can give to it. */
export interface CallInterface {
  /** As a message names it: `actions/cache 4`. */
  readonly name: string;
  readonly origin: 'known' | 'action' | 'workflow';
  readonly inputs: readonly Parameter[];
  /** Undefined for actions, which get none. */
  readonly secrets: readonly Parameter[] | undefined;
}

function typeOf(type: string | undefined): Parameter['type'] {
  return type === 'boolean' || type === 'number' ? type : 'text';
}

export const interfaceOfKnown = memoize((action: KnownAction): CallInterface => {
  const inputs = action.inputs.map((input): Parameter => ({ ...input, type: 'text' }));
  return { name: `${action.name} ${action.major}`, origin: 'known', inputs, secrets: undefined };
});

/** An action of the same repository. */
export function interfaceOfAction(pipeline: Pipeline, { text }: ActionUse): CallInterface {
  const inputs = pairsOf(findValue(pipeline.node, 'inputs')).map(
    ([key, node]): Parameter => ({
      name: key.value,
      required: asBoolean(findValue(node, 'required')) === true && findValue(node, 'default') === undefined,
      deprecated: findValue(node, 'deprecationMessage') !== undefined,
      type: 'text',
    }),
  );
  return { name: text.value.trim(), origin: 'action', inputs, secrets: undefined };
}

/** A workflow of the same repository. */
export function interfaceOfWorkflow(pipeline: Pipeline, { call }: Job): CallInterface {
  const definition = findValue(findValue(pipeline.node, 'on'), 'workflow_call');
  const read = (section: string): Parameter[] =>
    pairsOf(findValue(definition, section)).map(([key, node]) => ({
      name: key.value,
      required: asBoolean(findValue(node, 'required')) === true && findValue(node, 'default') === undefined,
      deprecated: false,
      type: typeOf(asScalar(findValue(node, 'type'))?.value),
    }));
  return {
    name: call?.text.value.trim() ?? '',
    origin: 'workflow',
    inputs: read('inputs'),
    secrets: read('secrets'),
  };
}
