import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { ShapeFault } from '../../shared/shape.ts';
import type { Report, Rule } from '../../rule.ts';
import { suggest } from '../../shared/nearest-word.ts';
import { workflowFaultsOf } from '../../shared/workflow-faults.ts';
import { checkInputs } from './input-definitions.ts';
import { checkDefaultShell, checkShell } from './shells.ts';
import { checkSchedule } from './timezones.ts';

/** The first character of a block, or the whole of a word: a block is too much to point at. */
function pointAt({ start, end }: { readonly start: number; readonly end: number }): {
  readonly start: number;
  readonly end: number;
} {
  return { start, end: Math.max(start + 1, Math.min(end, start + 60)) };
}

const quote = (text: string): string => `"${text.slice(0, 40).replaceAll(/\s+/g, ' ')}"`;

function nameOfNode(node: YamlNode): string {
  if (node.kind === 'scalar') return quote(node.value);
  return node.kind === 'sequence' ? 'a list' : 'keys with values';
}

function toReport(fault: Exclude<ShapeFault, { readonly kind: 'unknown-key' }>): Report {
  const name = quote(fault.name);
  if (fault.kind === 'missing-key') {
    return {
      at: pointAt(fault.at),
      message: `${name} is missing ${fault.where}`,
      key: `missing ${fault.name} ${fault.where}`,
    };
  }
  if (fault.kind === 'empty') {
    return {
      at: pointAt(fault.at),
      message: `${name} is empty, and GitHub wants a value`,
      remedy: 'Write the value, or take the key away.',
      key: `empty ${fault.name}`,
    };
  }
  if (fault.kind === 'unexpected') {
    return {
      at: pointAt(fault.at),
      message: `${name} is ${nameOfNode(fault.at)} here, and GitHub wants ${fault.expected}`,
    };
  }
  const { at, known } = fault;
  return {
    at,
    message: `${name} cannot be ${quote(at.value)}; GitHub takes ${known.join(', ')}${suggest(at.value, known)}`,
    key: `${fault.name} ${at.value.slice(0, 60)}`,
  };
}

export const rule: Rule = {
  id: 'invalid-value',
  title: 'A value that the platform does not take',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for values of the wrong kind in workflows, words that GitHub does not know (permissions, types of inputs, shells, time zones), and keys that must be there.',
  why: 'GitHub refuses the whole file: no job of the workflow runs, and a check that does not run stops nobody.',
  remedy: 'Write the value in the way that the workflow syntax has it.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax'],
  aliases: ['actionlint/syntax-check', 'actionlint/permissions', 'actionlint/shell-name'],

  pipeline(pipeline, context) {
    for (const fault of workflowFaultsOf(pipeline)) {
      if (fault.kind !== 'unknown-key') context.report(toReport(fault));
    }
    if (pipeline.kind !== 'workflow') return;
    checkSchedule(pipeline, context);
    checkInputs(pipeline, context);
    checkDefaultShell(pipeline, context);
  },
  job(job, context) {
    if (job.pipeline.kind === 'workflow') checkDefaultShell(job, context);
  },
  step(step, context) {
    checkShell(step, context);
  },
};
