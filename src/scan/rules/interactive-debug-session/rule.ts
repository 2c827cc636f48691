import { evaluateGuard } from '#pipeline/guard.ts';
import type { Span } from '#pipeline/source.ts';
import type { Step } from '#pipeline/model.ts';
import { writableScopes } from '#pipeline/permissions.ts';
import type { Rule } from '../../rule.ts';
import { openTriggers, secretsOf } from '../../shared/job-authority.ts';

const ACTIONS = new Set([
  'mxschmitt/action-tmate',
  'lhotari/action-upterm',
  'owenthereal/action-upterm',
  'csexton/debugger-action',
  'p3terx/ssh2actions',
  'luchihoratiu/debug-via-ssh',
  'valeriangalliat/action-sshd-cloudflared',
]);
const COMMANDS = /(?:^|[\s;&|])(?:tmate\s+-\w*F|upterm\s+host|sshx|ngrok\s+tcp)(?:\s|$)/m;
const PROGRAMS = /tmate|upterm|sshx|ngrok/;
/** Inputs with which only the person who started the run gets in. */
const LIMITS = new Set(['limit-access-to-actor', 'limit-access-to-users']);

function findSession({ work }: Step): { at: Span; what: string; limited: boolean } | undefined {
  if (work.kind === 'action' && ACTIONS.has(work.reference.repository)) {
    const limited = work.inputs.some(
      ({ name, value }) => LIMITS.has(name.toLowerCase()) && value?.value !== '' && value?.value !== 'false',
    );
    return { at: work.text.node, what: work.reference.repository, limited };
  }
  if (work.kind !== 'script' || !PROGRAMS.test(work.text.value)) return undefined;
  const match = COMMANDS.exec(work.text.value);
  if (match === null) return undefined;
  const start = match.index + match[0].search(/\S/);
  const command = match[0].trim().replace(/^[;&|]\s*/, '');
  return { at: work.text.span(start, start + command.length), what: command, limited: false };
}

/** Whether a run that nobody started by hand gets to it. */
function opensByItself(step: Step): boolean {
  const events = step.job.pipeline.triggers.map(({ event }) => event);
  return events.some((event) => {
    if (event === 'workflow_dispatch' || event === 'workflow_call') return false;
    const truth = (guard: Step['guard']) =>
      evaluateGuard(guard, (path) => {
        if (path === 'github.event_name') return { oneOf: [event] };
        // Inputs of a run that has none.
        return /^(?:inputs|github\.event\.inputs)\./.test(path) ? { oneOf: [''] } : undefined;
      });
    return truth(step.guard) !== 'false' && truth(step.job.guard) !== 'false';
  });
}

export const rule: Rule = {
  id: 'interactive-debug-session',
  title: 'A run waits for somebody to log in',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: [
    'tmate',
    'upterm',
    'sshx',
    'ngrok',
    'csexton/debugger-action',
    'ssh2actions',
    'debug-via-ssh',
    'action-sshd-cloudflared',
  ],
  standards: { cicdSec: ['CICD-SEC-7', 'CICD-SEC-6'], cwe: ['CWE-489', 'CWE-306'], cis: ['2.1.6'] },
  description: 'Looks for actions and commands that open a shell on the runner: tmate, upterm, ngrok.',
  why: 'The address of the shell stands in the log, and who has it is on the runner, with the secrets and the token of the job, past every review.',
  remedy:
    "Remove it. While it is needed, start it by hand only (`if: github.event_name == 'workflow_dispatch'`), with `limit-access-to-actor: true`, in a job without secrets.",
  references: ['https://github.com/mxschmitt/action-tmate#use-registered-public-ssh-keys'],
  aliases: ['taudit/interactive_debug_action_in_authority_workflow'],

  step(step, context) {
    const session = findSession(step);
    if (session === undefined) return;
    const authority = secretsOf(step.job).length > 0 || writableScopes(step.job).length > 0;
    const open = openTriggers(step.job, context).length > 0 && opensByItself(step);
    const harmless = session.limited || !opensByItself(step);
    const who = session.limited ? 'who started it' : 'whoever reads the log';
    context.report({
      at: session.at,
      message: `${session.what} opens a shell for ${who}${authority ? ', in a job with secrets or a token that can write' : ''}`,
      severity: harmless ? 'low' : open || authority ? 'high' : 'medium',
      persona: harmless ? 'pedantic' : 'regular',
    });
  },
};
