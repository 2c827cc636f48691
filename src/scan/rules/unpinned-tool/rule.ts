import type { ActionUse, Step } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { describeReach } from '../../shared/job-reach.ts';
import { isOpenText } from '../../shared/open-value.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { findOnSurfaces } from './surface.ts';
import { type ToolAction, toolActions } from './tool-actions.ts';

function findTool(use: ActionUse): ToolAction | undefined {
  const { path, repository } = use.reference;
  const names = [repository, `${repository}/${path}`];
  const name = names.find((each) => Object.hasOwn(toolActions, each));
  return name === undefined ? undefined : toolActions[name];
}

const NEWEST = /^(?:latest|stable|canary|nightly|edge|main|master|\*|x)$/i;

interface ToolUse {
  readonly use: ActionUse;
  readonly tool: ToolAction;
  /** What asks for the newest; undefined when it comes because nothing is said. */
  readonly input: Text | undefined;
  /** Whoever starts or calls the pipeline chooses. */
  readonly computed?: boolean;
}

/** One entry when the newest version is installed, or one that is not written down; none otherwise. */
function toToolUse(use: ActionUse, step: Step): ToolUse[] {
  const tool = findTool(use);
  if (tool === undefined) return [];
  const input = use.inputs.find(({ name }) => name.toLowerCase() === tool.input);
  if (input === undefined) return tool.otherwise === 'latest' ? [{ use, tool, input: undefined }] : [];
  const { value } = input;
  if (value === undefined) return [];
  const computed = isOpenText(value, step);
  return computed || NEWEST.test(value.value.trim()) ? [{ use, tool, input: value, computed }] : [];
}

function reportMissing(use: ActionUse, tool: ToolAction, context: RuleContext): void {
  context.report({
    at: use.text.node,
    message: `this installs the newest ${tool.tool}: the input ${tool.input} is not there`,
    remedy: `Add \`${tool.input}:\` with a version to \`with:\`.`,
    confidence: 'medium',
    key: `${use.reference.repository} ${tool.input}`,
  });
}

function reportNewest(
  use: ActionUse,
  tool: ToolAction,
  input: Text,
  reach: string | undefined,
  context: RuleContext,
): void {
  context.report({
    at: input.node,
    message: `this installs whatever ${tool.tool} is the newest${reach === undefined ? '' : `, in a job with ${reach}`}`,
    remedy: `Write a version in place of \`${input.value.trim()}\`.`,
    persona: reach === undefined ? 'pedantic' : 'regular',
    key: `${use.reference.repository} ${tool.input}`,
  });
}

function reportComputed(use: ActionUse, tool: ToolAction, input: Text, context: RuleContext): void {
  context.report({
    at: input.node,
    message: `nothing in this file says which version of ${tool.tool} is installed`,
    remedy: 'Make sure that whoever gives the value gives an exact version.',
    severity: 'info',
    confidence: 'low',
    persona: 'auditor',
    key: `${use.reference.repository} ${tool.input}`,
  });
}

export const rule: Rule = {
  id: 'unpinned-tool',
  title: 'An action installs whatever version is the newest',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github', ...surfacePlatforms],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.1', '3.1.7'] },
  description:
    'Looks for actions that install a program, and are told to take its newest version, or take it because nothing is said. Everybody sees it when the newest is asked for in a job that has secrets, an identity token or a token that can write.',
  why: 'The action may be pinned to a commit; the program that it downloads is not. A bad release of the program runs in the next run of the job, hours before anybody has looked at it.',
  remedy: 'Name the version of the program, and let Renovate or a pull request move it.',
  references: ['https://github.com/advisories/GHSA-69fq-xp46-6x23'],
  incident: {
    name: 'Trivy 0.69.4 (CVE-2026-33634)',
    date: '2026-03',
    what: 'Who pinned the action and let it install the newest scanner ran a release that stole credentials.',
  },
  aliases: ['zizmor/unpinned-tools'],

  repository(repository, context) {
    reportWorst(findOnSurfaces(repository), rule, context);
  },
  job(job, context) {
    if (job.pipeline.platform !== 'github') return;
    const uses = job.steps.flatMap((step) => (step.work.kind === 'action' ? toToolUse(step.work, step) : []));
    if (uses.length === 0) return;
    const reach = describeReach(job);
    for (const { computed, input, tool, use } of uses) {
      if (input === undefined) reportMissing(use, tool, context);
      else if (computed === true) reportComputed(use, tool, input, context);
      else reportNewest(use, tool, input, reach, context);
    }
  },
};
