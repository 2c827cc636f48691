import { findHeadCheckout, findHeadFetch } from '#pipeline/github/head-references.ts';
import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Step } from '#pipeline/model.ts';
import { effectivePermissions, writableScopes } from '#pipeline/permissions.ts';
import type { Span } from '#pipeline/source.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Report, Rule, RuleContext } from '../../rule.ts';
import { type Agent, findAgent } from './agents.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { reportInGitlab } from './gitlab.ts';
import { findOnSurfaces } from './surface.ts';

/** With these an outsider's words become code, packages or identities of the project; the others are its talk. */
const TALK = new Set([
  'issues',
  'pull-requests',
  'discussions',
  'statuses',
  'checks',
  'models',
  'copilot-requests',
]);

const WITH_TEXT = new Set([
  'issues',
  'issue_comment',
  'discussion',
  'discussion_comment',
  'pull_request_target',
  'workflow_run',
]);

function outsidersTriggers(step: Step, context: RuleContext): Trigger[] {
  return step.job.pipeline.triggers.filter((trigger) => {
    if (!isOutsider(trigger.firedBy) || trigger.authority !== 'full') return false;
    const assume = context.outsider(trigger.event);
    return evaluateJob(step.job, assume) !== 'false' && evaluateGuard(step.guard, assume) !== 'false';
  });
}

/** An earlier step that brings a pull request's files: the agent takes its instructions from them, too. */
function findHeadBefore(step: Step): Span | undefined {
  for (const earlier of step.job.steps.slice(0, step.index)) {
    const { work } = earlier;
    if (work.kind === 'script') {
      const found = findHeadFetch(work, earlier);
      if (found !== undefined) return found.span;
    } else if (work.kind === 'action' && work.reference.repository === 'actions/checkout') {
      const found = findHeadCheckout(work, earlier);
      if (found !== undefined) return found.span;
    }
  }
  return undefined;
}

interface Reach {
  /** In words, for the message. */
  readonly what: string;
  readonly level: 'project' | 'talk' | 'nothing';
}

/** Without a shell it cannot ask for an identity token, whatever the job may. */
function reachOf(step: Step, free: boolean): Reach {
  const permissions = effectivePermissions(step.job);
  if (permissions.from === 'default') return { what: 'a token with default rights', level: 'talk' };
  const scopes = writableScopes(step.job);
  if (scopes.length === 0) return { what: 'a token that can only read', level: 'nothing' };
  const strong = scopes.filter((scope) => !TALK.has(scope) && (free || scope !== 'id-token'));
  const named = (strong.length > 0 ? strong : scopes).slice(0, 4).join(', ').replace('*', 'everything');
  return { what: `write access to ${named}`, level: strong.length > 0 ? 'project' : 'talk' };
}

function gradeOf(agent: Agent, reach: Reach, readsHead: boolean): Pick<Report, 'severity' | 'persona'> {
  const free = agent.freedBy !== undefined;
  if (free) return { severity: reach.level === 'project' ? 'critical' : 'high', persona: 'regular' };
  if (reach.level === 'project' && readsHead) return { severity: 'high', persona: 'regular' };
  if (reach.level === 'project') return { severity: 'medium', persona: 'regular' };
  return { severity: 'low', persona: 'pedantic' };
}

function report(step: Step, agent: Agent, triggers: readonly Trigger[], context: RuleContext): void {
  const { source } = step.job.pipeline;
  const reach = reachOf(step, agent.freedBy !== undefined);
  const head = findHeadBefore(step);
  const events = triggers.map(({ event }) => event).join(', ');
  const tools = agent.freedBy === undefined ? '' : ', a shell without limits';
  const [first] = triggers;
  const hops = [
    ...(first === undefined
      ? []
      : [{ label: `${first.event}: anybody can cause it and write its text`, source, span: first.node }]),
    ...(head === undefined ? [] : [{ label: 'files of the pull request come in', source, span: head }]),
    { label: `${agent.name} follows what it reads`, source, span: agent.span },
  ];
  context.report({
    at: agent.span,
    ...gradeOf(agent, reach, head !== undefined),
    confidence: agent.openedBy === undefined ? 'medium' : 'high',
    message: `outsiders can tell ${agent.name} what to do (${events}): it has ${reach.what}${tools}`,
    related: [
      ...(agent.openedBy === undefined ? [] : [{ at: agent.openedBy, label: 'lets everybody in' }]),
      ...(agent.freedBy === undefined || agent.freedBy === agent.span
        ? []
        : [{ at: agent.freedBy, label: 'gives it the shell' }]),
    ],
    path: hops,
  });
}

/** Members start it, and outsiders wrote what it reads: the issue above the member's comment. */
function reportReader(step: Step, agent: Agent, context: RuleContext): void {
  const trigger = step.job.pipeline.triggers.find(
    ({ event, authority }) => WITH_TEXT.has(event) && authority === 'full',
  );
  if (trigger === undefined || agent.freedBy === undefined) return;
  const reach = reachOf(step, true);
  if (reach.level === 'nothing') return;
  context.report({
    at: agent.span,
    severity: 'medium',
    confidence: 'low',
    persona: 'auditor',
    message: `${agent.name} has a shell without limits and ${reach.what}, and reads what outsiders write (${trigger.event})`,
    related: [{ at: trigger.node, label: 'brings text of outsiders, whoever starts it' }],
  });
}

export const rule: Rule = {
  id: 'agent-open-to-outsiders',
  title: 'An AI agent takes orders from outsiders',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', 'gitlab', ...surfacePlatforms],
  needs: ['claude', 'codex', 'gemini', 'qwen', 'copilot', 'aider', 'cursor-agent', 'opencode', 'amp'],
  standards: {
    cicdSec: ['CICD-SEC-4', 'CICD-SEC-5'],
    cwe: ['CWE-77', 'CWE-1427', 'CWE-250'],
    cis: ['2.3.1'],
  },
  description:
    'Looks for AI agents (Claude, Codex, Gemini, Copilot and others, as actions and as commands) in runs that outsiders can start, when nothing asks who did. Worse with a shell, with write access, and with files of a pull request, from which agents read instructions.',
  why: 'The text of an issue, a comment or a file is all it takes: an agent cannot tell orders from data. What it may run, write or read is then the outsider’s, its own API key included; through caches it reaches releases.',
  remedy:
    'Let only people with write access start it (take `allowed_non_write_users` or `allow-users: "*"` away, or put `if: contains(fromJSON(\'["OWNER","MEMBER"]\'), github.event.comment.author_association)` on the job). When outsiders must: `permissions: { issues: read }`, named tools only (`--allowedTools "Bash(gh issue view:*)"`), and a second job without the agent that checks and writes its answer.',
  references: [
    'https://github.com/anthropics/claude-code-action/blob/main/docs/security.md',
    'https://owasp.org/www-project-top-10-for-large-language-model-applications/',
  ],
  incident: {
    name: 'Clinejection (cline)',
    date: '2026-02',
    what: 'An agent that sorted new issues had a shell and was open to everybody: an issue made it run a package, and through the cache the nightly release was reached.',
  },
  aliases: [
    'sisakulint/ai-action-unrestricted-trigger',
    'sisakulint/ai-action-excessive-tools',
    'codeql/actions/prompt-injection/critical',
    'codeql/actions/prompt-injection/medium',
  ],

  repository(repository, context) {
    reportInGitlab(repository, context);
    reportWorst(findOnSurfaces(repository), rule, context);
  },
  step(step, context) {
    if (step.job.pipeline.platform !== 'github') return;
    if (step.job.pipeline.kind !== 'workflow') return;
    const agent = findAgent(step);
    if (agent === undefined) return;
    const triggers = agent.asksWho ? [] : outsidersTriggers(step, context);
    if (triggers.length > 0) report(step, agent, triggers, context);
    else reportReader(step, agent, context);
  },
};
