import type { Script, Step } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findSecretVariable, secretsIn } from '../../shared/secret-use.ts';
import { type ShellLine, shellLinesOf } from '../../shared/shell-lines.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { findLeak, sendsEnvironment, sendsSomething } from './leaks.ts';
import { reportOnSurfaces } from './surface.ts';

/** The first secret that a line names: where it is written, or by a variable that holds it. */
function findNamed(code: string, step: Step, { text }: Script): string | undefined {
  const written = secretsIn(text).find(({ expression: { outer } }) =>
    code.includes(text.value.slice(outer.start, outer.end)),
  );
  if (written !== undefined) return written.name === '' ? 'a secret' : written.name;
  const read = new Set([...code.matchAll(/\$\{?([A-Za-z_]\w{0,200})/g)].map(([, name]) => name));
  return findSecretVariable(step, (name) => read.has(name))?.name;
}

function namesSecret(step: Step, { text }: Script): boolean {
  return secretsIn(text).length > 0 || findSecretVariable(step, () => true) !== undefined;
}

function checkLine(line: ShellLine, step: Step, script: Script, context: RuleContext): void {
  const { code, locate } = line;
  const at = locate(code.length - code.trimStart().length, code.trimEnd().length);
  if (sendsEnvironment(code)) {
    context.report({ at, message: 'every variable of the step is sent away', severity: 'critical' });
    return;
  }
  const leak = findLeak(code);
  const secret = leak === undefined ? undefined : findNamed(code, step, script);
  if (leak === undefined || secret === undefined) return;
  const { what, ...verdict } = leak;
  context.report({ at, message: `${secret} ${what}`, ...verdict });
}

export const rule: Rule = {
  id: 'leaked-secret',
  title: 'A script gives a secret away',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', ...surfacePlatforms],
  standards: {
    cicdSec: ['CICD-SEC-6', 'CICD-SEC-10'],
    cwe: ['CWE-532', 'CWE-319', 'CWE-200'],
    cis: ['2.3.8'],
  },
  description:
    'Looks for scripts that write a secret to the log, encoded or as it is, and that send one over an open connection or to a service that collects requests.',
  why: 'The log masks only the text that it knows: the same secret in base64 or backwards is another text, and logs of public repositories are public. What left over an open connection is in other hands.',
  remedy:
    'Remove the line and change the secret. Hand secrets to programs in `env:` or by standard input, and look at them nowhere but where they are stored.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  ],
  incident: {
    name: 'GhostAction',
    date: '2025-09',
    what: 'Workflows that were pushed with stolen accounts sent the secrets of hundreds of repositories to the attacker with one line of curl.',
  },
  aliases: ['checkov/CKV_GHA_3', 'sisakulint/secret-in-log'],

  repository: reportOnSurfaces,
  step(step, context) {
    const { work } = step;
    if (work.kind !== 'script' || step.job.pipeline.platform !== 'github') return;
    // A block or function whose output goes to a file prints nothing, whatever its lines look like.
    const collected = /^\s*[})]\s*(?:\||\d?>)/m.test(work.text.value);
    if (collected) return;
    if (!namesSecret(step, work) && !sendsSomething(work.text.value)) return;
    for (const line of shellLinesOf(work.text)) checkLine(line, step, work, context);
  },
};
