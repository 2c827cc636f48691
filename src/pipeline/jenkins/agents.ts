import type { ImageUse, Runner } from '../model.ts';
import { parseImageReference } from '../reference.ts';
import type { PrivilegeUse } from '../surface.ts';
import type { Text } from '../text.ts';
import { composeText } from './compose-text.ts';
import { textAt } from './nodes.ts';
import { privilegeOfLabel, privilegesOfOptions, privilegesOfPod } from './privileges.ts';
import type { Scope } from './scope.ts';
import type { Unit } from './symbols.ts';
import {
  argumentOf,
  type Call,
  callsOf,
  closuresOf,
  type Expression,
  firstArgument,
  pathOfExpression,
} from './tree.ts';

/** Where the code runs. */
export interface Agent {
  readonly runner: Runner | undefined;
  readonly container: ImageUse | undefined;
  readonly privileges: readonly PrivilegeUse[];
}

export function imageOf(expression: Expression, unit: Unit): ImageUse {
  const { text } = composeText(resolveName(expression, unit), unit.source);
  return { node: text.node, text, reference: parseImageReference(text.value), credentials: [] };
}

/** A name that one literal was assigned to stands for it. */
export function resolveName(expression: Expression, unit: Unit): Expression {
  const path = pathOfExpression(expression);
  const assigned = path === undefined ? undefined : unit.assignments.get(path);
  const [only] = assigned ?? [];
  return assigned?.length === 1 && only?.kind === 'string' ? only : expression;
}

/** Agents are machines of whoever runs Jenkins; a label may stand for ones that live for one build only. */
function runnerOf(label: Text, hosting: Runner['hosting']): Runner {
  return { node: label.node, labels: [label], group: undefined, hosting };
}

function labelled(expression: Expression, unit: Unit): Agent {
  const { text } = composeText(resolveName(expression, unit), unit.source);
  const privileges = privilegeOfLabel(text.value, { source: unit.source, span: text.node });
  const hosting = privileges.length > 0 ? 'self-hosted' : 'unknown';
  return { runner: runnerOf(text, hosting), container: undefined, privileges };
}

function anyAgent(call: Call, unit: Unit): Agent {
  const span = firstArgument(call.entries) ?? call.nameSpan;
  return {
    runner: runnerOf(textAt(unit.source, span, 'any'), 'self-hosted'),
    container: undefined,
    privileges: [],
  };
}

/** The calls in the closure of a directive, by their names: `label 'x'`, `docker { image 'y' }`. */
function directivesOf(call: Call): Call[] {
  return closuresOf(call).flatMap(({ statements }) =>
    statements.flatMap((each) => (each.kind === 'chain' ? callsOf(each).slice(-1) : [])),
  );
}

function merge(left: Agent, right: Agent): Agent {
  return {
    runner: right.runner ?? left.runner,
    container: right.container ?? left.container,
    privileges: [...left.privileges, ...right.privileges],
  };
}

const PRIVILEGES_MAX = 200;

const NO_AGENT: Agent = { runner: undefined, container: undefined, privileges: [] };

function partOf(call: Call, unit: Unit): Agent {
  const value = firstArgument(call.entries);
  switch (call.path) {
    case 'any':
      return anyAgent(call, unit);
    case 'label':
      return value === undefined ? NO_AGENT : labelled(value, unit);
    case 'image':
      return value === undefined ? NO_AGENT : { ...NO_AGENT, container: imageOf(value, unit) };
    case 'docker':
      return value === undefined ? nested(call, unit) : { ...NO_AGENT, container: imageOf(value, unit) };
    case 'args':
    case 'additionalBuildArgs':
      return value === undefined
        ? NO_AGENT
        : withPrivileges(privilegesOfOptions(composeText(value, unit.source).text));
    case 'yaml':
      return value === undefined
        ? NO_AGENT
        : withPrivileges(privilegesOfPod(composeText(resolveName(value, unit), unit.source).text));
    case 'kubernetes':
      return nested(call, unit);
    case 'node':
    case 'dockerfile':
      return nested(call, unit);
  }
  return NO_AGENT;
}

function withPrivileges(privileges: readonly PrivilegeUse[]): Agent {
  return { ...NO_AGENT, privileges };
}

function nested(call: Call, unit: Unit): Agent {
  return directivesOf(call).reduce((agent, each) => merge(agent, partOf(each, unit)), NO_AGENT);
}

/** `agent any`, `agent { … }` of a declarative pipeline. */
export function readAgent(call: Call, unit: Unit): Agent {
  const value = firstArgument(call.entries);
  if (value?.kind === 'name') return value.name === 'any' ? anyAgent(call, unit) : NO_AGENT;
  return nested(call, unit);
}

/** `node('label') { … }`; without a label it is any. */
export function readNode(call: Call, unit: Unit): Agent {
  const label = argumentOf(call.entries, 'label') ?? firstArgument(call.entries);
  return label === undefined ? anyAgent({ ...call, entries: [] }, unit) : labelled(label, unit);
}

export function withAgent(scope: Scope, agent: Agent): Scope {
  if (scope.privileges.length >= PRIVILEGES_MAX) return scope;
  return {
    ...scope,
    runner: agent.runner ?? scope.runner,
    container: agent.container ?? (agent.runner === undefined ? scope.container : undefined),
    privileges: agent.runner === undefined ? [...scope.privileges, ...agent.privileges] : agent.privileges,
  };
}
