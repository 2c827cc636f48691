import { textOf } from '#pipeline/github/read-parts.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';
import { findValue } from '#pipeline/yaml/access.ts';
import type { RuleContext } from '../../rule.ts';
import { suggest } from '../../shared/nearest-word.ts';

const ANYWHERE = ['bash', 'pwsh', 'python'];
const UNIX = [...ANYWHERE, 'sh'];
const WINDOWS = [...ANYWHERE, 'cmd', 'powershell'];
const ALL = [...ANYWHERE, 'sh', 'cmd', 'powershell'];

type System = 'windows' | 'unix' | 'unknown';

/** What the job runs on, when its label says so for sure. */
function systemOf(job: Job): System {
  // A container is a Linux, whatever machine it stands on.
  if (findValue(job.node, 'container') !== undefined) return 'unknown';
  const labels = job.runner?.labels ?? [];
  if (labels.some((label) => !label.isConstant)) return 'unknown';
  const names = labels.map(({ value }) => value.toLowerCase());
  if (names.some((name) => /^windows(?:-|$)/.test(name))) return 'windows';
  return names.some((name) => /^(?:ubuntu-|macos(?:-|$)|linux$)/.test(name)) ? 'unix' : 'unknown';
}

function knownOn(system: System): readonly string[] {
  if (system === 'windows') return WINDOWS;
  return system === 'unix' ? UNIX : ALL;
}

function check(shell: Text | undefined, system: System, context: RuleContext): void {
  // `{0}` stands for the script: then the shell is a command of the author's own.
  if (shell === undefined || !shell.isConstant || shell.value.includes('{0}')) return;
  const name = shell.value.trim();
  const known = knownOn(system);
  if (name === '' || known.includes(name)) return;
  const elsewhere = ALL.includes(name);
  const machine = system === 'windows' ? 'Windows' : 'Linux and macOS';
  const installed = elsewhere && (name === 'sh' || name === 'powershell');
  context.report({
    at: shell.node,
    message: elsewhere
      ? `the shell "${name}" is not there on ${machine}`
      : `there is no shell "${name.slice(0, 40)}"${suggest(name, known)}`,
    // Images of Windows bring a sh of Git along, and somebody can install the rest.
    ...(installed ? { persona: 'pedantic', severity: 'low' } : {}),
    remedy: `Write one of ${known.join(', ')}, or a command with {0} in the place of the script.`,
    key: `shell ${name}`,
  });
}

/** Names of shells that GitHub does not know, or that the machine of the job does not have. */
export function checkShell({ work, job }: Step, context: RuleContext): void {
  if (work.kind === 'script') check(work.shell, systemOf(job), context);
}

/** The shell that `defaults:` names, for all steps that name none. */
export function checkDefaultShell(holder: Job | Pipeline, context: RuleContext): void {
  const source = 'source' in holder ? holder.source : holder.pipeline.source;
  const shell = textOf(findValue(findValue(findValue(holder.node, 'defaults'), 'run'), 'shell'), source);
  check(shell, 'pipeline' in holder ? systemOf(holder) : 'unknown', context);
}
