import type { Severity } from '#findings/severity.ts';
import type { Persona } from '#findings/severity.ts';
import type { Script, Step } from '#pipeline/model.ts';
import type { Rule } from '../../rule.ts';
import { findSecretVariable, secretsIn } from '../../shared/secret-use.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { reportInGitlab } from './gitlab.ts';
import { findOnSurfaces } from './surface.ts';

/** `https://user:TOKEN@host` or `https://TOKEN@host`, where the token is an expression or a variable. */
const ADDRESS = /https?:\/\/(?:[\w.${}-]{1,80}:)?(\$\{\{[^}]{1,200}\}\}|\$\{?(\w{1,80})\}?)@[\w.${-]/;
/** Commands that write the address into a file. */
const KEPT = /\bgit\b.*\b(?:clone|remote\s+(?:add|set-url)|submodule|config)\b|\binsteadOf\b/i;

/** The secret that a variable or an expression stands for; undefined for the token of the job and for guesses. */
function findSecret(
  written: string,
  variable: string | undefined,
  step: Step,
  script: Script,
): string | undefined {
  if (variable !== undefined) {
    return findSecretVariable(step, (name) => name === variable)?.use.name;
  }
  return secretsIn(script.text).find(({ expression: { outer, text } }) =>
    written.includes(text.value.slice(outer.start, outer.end)),
  )?.name;
}

function looksLikeToken(written: string): boolean {
  return /token|secret|password|passwd|(?:^|[^a-z])pat(?:$|[^a-z])/i.test(written);
}

function judge(secret: string | undefined, kept: boolean): { severity: Severity; persona: Persona } {
  if (secret === undefined) return { severity: 'low', persona: 'pedantic' };
  return kept ? { severity: 'medium', persona: 'regular' } : { severity: 'low', persona: 'pedantic' };
}

export const rule: Rule = {
  id: 'token-in-remote-url',
  title: 'A token stands in the address of a repository',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', 'gitlab', ...surfacePlatforms],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-522', 'CWE-214'], cis: ['2.3.8'] },
  description: 'Looks for Git commands with a token in the address: `https://x:${TOKEN}@host/…`.',
  why: 'The address is written into `.git/config`, where every later step, an artifact or an image finds it; it stands in the list of processes, and in the messages of Git when something fails.',
  remedy:
    'Let `actions/checkout` with `token:` do it, or keep the token out of the address: `gh auth setup-git` with `GH_TOKEN` in the `env:` of this one step.',
  references: ['https://git-scm.com/docs/gitcredentials'],
  aliases: ['taudit/gha_pat_remote_url_write', 'taudit/gha_token_remote_url_with_trace_or_process_exposure'],

  repository(repository, context) {
    reportInGitlab(repository, context);
    reportWorst(findOnSurfaces(repository), rule, context, { merge: true });
  },
  step(step, context) {
    if (step.job.pipeline.platform !== 'github') return;
    const { work } = step;
    if (work.kind !== 'script') return;
    for (const line of shellLinesOf(work.text)) {
      const match = ADDRESS.exec(line.code);
      if (match === null || !/\bgit\b/.test(line.code)) continue;
      const [whole, written = '', variable] = match;
      const secret = findSecret(written, variable, step, work);
      if (secret === undefined && !looksLikeToken(written)) continue;
      const kept = KEPT.test(line.code);
      context.report({
        at: line.locate(match.index, match.index + whole.length),
        message: kept
          ? `\`${secret ?? written}\` is written to the configuration of Git with the address`
          : `\`${secret ?? written}\` stands in an address on the command line of Git`,
        ...judge(secret, kept),
        confidence: secret === undefined ? 'medium' : 'high',
      });
    }
  },
};
