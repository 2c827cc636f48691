import { memoize } from '#pipeline/memoize.ts';
import type { Job, Step, Variable } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { asBoolean, asMapping, asScalar, findEntry } from '#pipeline/yaml/access.ts';
import type { Report, Rule, RuleContext } from '../../rule.ts';
import { knownActionOf } from '../../shared/known-actions.ts';
import { findNearest, suggest } from '../../shared/nearest-word.ts';
import {
  type CallInterface,
  interfaceOfAction,
  interfaceOfKnown,
  interfaceOfWorkflow,
  type Parameter,
} from './interfaces.ts';

/** For actions that are images, whatever inputs they have. */
const ALWAYS_TAKEN = new Set(['args', 'entrypoint']);

const fold = (name: string): string => name.toLowerCase();
const byFoldedName = memoize(
  (known: readonly Parameter[]): ReadonlyMap<string, Parameter> =>
    new Map(known.map((each) => [fold(each.name), each])),
);
const shorten = (name: string): string => name.slice(0, 60);

/** GitHub refuses a wrong call of a workflow; from an action it only warns, in a log that nobody reads. */
function weigh(callee: CallInterface, likely: boolean): Partial<Report> {
  if (callee.origin === 'workflow') return {};
  return likely ? { severity: 'low' } : { severity: 'low', confidence: 'medium', persona: 'pedantic' };
}

function reportUnknown(
  given: Variable,
  what: 'input' | 'secret',
  known: readonly Parameter[],
  callee: CallInterface,
  context: RuleContext,
): void {
  const names = known.map(({ name }) => name);
  const meant = findNearest(given.name, names);
  context.report({
    at: given.key,
    message: `${shorten(callee.name)} has no ${what} "${shorten(given.name)}"${suggest(given.name, names)}`,
    ...weigh(callee, meant !== undefined || callee.origin === 'action'),
    key: `${callee.name} ${what} ${given.name}`,
    fixes:
      meant !== undefined
        ? [
            {
              title: `write "${meant}"`,
              safety: 'unsafe',
              edits: [{ start: given.key.start, end: given.key.end, replacement: meant }],
            },
          ]
        : [],
  });
}

/** Why a literal is none of its type; undefined when it is one, or when it is computed. */
function findTypeFault({ type, name }: Parameter, { value, node }: Variable): string | undefined {
  if (value === undefined || !value.isConstant || type === 'text') return undefined;
  const scalar = asScalar(node);
  const text = value.value.trim();
  const fits =
    type === 'boolean'
      ? asBoolean(scalar) !== undefined
      : scalar?.style === 'plain' && text !== '' && !Number.isNaN(Number(text));
  if (fits) return undefined;
  return `the input "${shorten(name)}" is a ${type}, and "${text.slice(0, 40)}" is none`;
}

interface Given {
  readonly values: readonly Variable[];
  /** False when an expression comes to all of them. */
  readonly complete: boolean;
  readonly at: Span;
}

function check(
  what: 'input' | 'secret',
  known: readonly Parameter[],
  given: Given,
  callee: CallInterface,
  context: RuleContext,
): void {
  const byName = byFoldedName(known);
  for (const value of given.values) {
    const parameter = byName.get(fold(value.name));
    if (parameter === undefined) {
      if (!ALWAYS_TAKEN.has(fold(value.name)) && !value.name.includes('${{')) {
        reportUnknown(value, what, known, callee, context);
      }
      continue;
    }
    const fault = what === 'input' ? findTypeFault(parameter, value) : undefined;
    if (fault !== undefined) context.report({ at: value.node, message: fault, key: `type ${value.name}` });
    if (parameter.deprecated) reportDeprecated(value, callee, context);
  }
  if (!given.complete) return;
  const names = new Set(given.values.map(({ name }) => fold(name)));
  for (const { name } of known.filter(({ required, name: own }) => required && !names.has(fold(own)))) {
    context.report({
      at: given.at,
      message: `${shorten(callee.name)} wants the ${what} "${shorten(name)}", and gets none`,
      ...weigh(callee, callee.origin === 'known'),
      remedy: `Give it with \`${what === 'input' ? 'with' : 'secrets'}: { ${shorten(name)}: … }\`.`,
      key: `${callee.name} wants ${name}`,
    });
  }
}

function reportDeprecated({ key, name }: Variable, callee: CallInterface, context: RuleContext): void {
  context.report({
    at: key,
    message: `${shorten(callee.name)} calls its input "${shorten(name)}" deprecated`,
    severity: 'info',
    persona: 'pedantic',
    remedy: 'The action’s own page says what to write in its place.',
    key: `${callee.name} deprecated ${name}`,
  });
}

function checkStep(step: Step, context: RuleContext): void {
  const { work } = step;
  if (work.kind !== 'action') return;
  const local = context.repository.resolveStep(step);
  const known = local === undefined ? knownActionOf(work) : undefined;
  const callee = local?.kind === 'action' ? interfaceOfAction(local, work) : known && interfaceOfKnown(known);
  if (callee === undefined) return;
  const complete = work.inputsNode === undefined || asMapping(work.inputsNode) !== undefined;
  check('input', callee.inputs, { values: work.inputs, complete, at: work.text.node }, callee, context);
}

function checkCall(job: Job, context: RuleContext): void {
  const { call } = job;
  const target = context.repository.resolveCall(job);
  if (call === undefined || target?.kind !== 'workflow') return;
  if (!target.triggers.some(({ event }) => event === 'workflow_call')) {
    context.report({
      at: call.text.node,
      message: `${shorten(call.text.value.trim())} cannot be called: it has no trigger workflow_call`,
    });
    return;
  }
  const callee = interfaceOfWorkflow(target, job);
  const at = call.text.node;
  const written = (name: string): boolean => {
    const entry = findEntry(job.node, name);
    return entry === undefined || asMapping(entry.value) !== undefined;
  };
  check('input', callee.inputs, { values: call.inputs, complete: written('with'), at }, callee, context);
  if (call.inheritsSecrets !== undefined || callee.secrets === undefined) return;
  check(
    'secret',
    callee.secrets,
    { values: call.secrets, complete: written('secrets'), at },
    callee,
    context,
  );
}

export const rule: Rule = {
  id: 'wrong-input',
  title: 'An input that nobody takes, or that is missing',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286', 'CWE-628'], cis: [] },
  description:
    'Looks for inputs and secrets that an action or workflow of the same repository, or a well-known action, does not have, for required ones that are not given, and for values of the wrong type.',
  why: 'A misspelt input of an action is skipped with a warning in the log, and what it was to switch off stays on: `persist-credential: false` leaves the token on the disk. A wrong input of a called workflow keeps the whole workflow from starting.',
  remedy: 'Write the input as the action or the workflow declares it.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs',
    'https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows',
  ],
  aliases: ['actionlint/action', 'actionlint/workflow-call'],

  step(step, context) {
    checkStep(step, context);
  },
  job(job, context) {
    checkCall(job, context);
  },
};
