import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { secretsIn, textsOfJob, textsOfStep } from '../../shared/secret-use.ts';

function check(texts: readonly Text[], where: string, context: RuleContext): void {
  for (const use of texts.flatMap(secretsIn)) {
    if (use.kind === 'named') continue;
    const written = use.expression.text.source.slice(use.span);
    context.report({
      at: use.span,
      message:
        use.kind === 'all'
          ? `\`${written}\` gives ${where} every secret of the repository`
          : `\`${written}\` names no secret, so that the runner of ${where} gets all of them`,
      ...(use.kind === 'all' ? {} : { severity: 'medium' }),
    });
  }
}

export const rule: Rule = {
  id: 'overprovisioned-secrets',
  title: 'A job gets every secret at once',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['secrets'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-250', 'CWE-522'], cis: ['2.3.8'] },
  description:
    'Looks for expressions that take `secrets` as a whole, such as `toJSON(secrets)`, and for `secrets[…]` with a name that is computed.',
  why: 'A runner is sent the secrets that its job names. When the names are not to be seen, it is sent all of the repository, the organisation and the environment, and whatever runs in the job can read them from its memory.',
  remedy:
    'Name each secret: `${{ secrets.DEPLOY_KEY }}`. Where the name depends on the target, use one name in several environments, and `environment: ${{ inputs.target }}` on the job.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  ],
  incident: {
    name: 'tj-actions/changed-files (CVE-2025-30066)',
    date: '2025-03',
    what: 'A changed action read the memory of the runner and wrote each secret that had been sent to it into the log.',
  },
  aliases: [
    'zizmor/overprovisioned-secrets',
    'poutine/job_all_secrets',
    'codeql/actions/excessive-secrets-exposure',
  ],

  pipeline({ env }, context) {
    check(
      env.flatMap(({ value }) => (value === undefined ? [] : [value])),
      'every job',
      context,
    );
  },
  job(job, context) {
    check(textsOfJob(job), `the job ${job.id}`, context);
  },
  step(step, context) {
    check(textsOfStep(step), `the job ${step.job.id}`, context);
  },
};
