import type { ImageUse, Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';

function reportConstant(variable: Variable | undefined, what: string, context: RuleContext): void {
  const { value } = variable ?? {};
  if (value === undefined || !value.isConstant || value.value.trim() === '') return;
  // A variable that the platform puts in: `$REGISTRY_PASSWORD`, `%PASSWORD%`.
  if (/^[$%<]/.test(value.value.trim())) return;
  context.report({
    at: variable?.key ?? value.node,
    message: `the password for ${what} stands in the file`,
    key: what,
  });
}

function findVariable(variables: readonly Variable[], name: string): Variable | undefined {
  return variables.find((each) => each.name.toLowerCase() === name);
}

function checkImage(image: ImageUse | undefined, context: RuleContext): void {
  if (image === undefined) return;
  const password = findVariable(image.credentials, 'password');
  reportConstant(password, `the image ${image.reference?.name ?? image.text.value}`, context);
}

export const rule: Rule = {
  id: 'hardcoded-container-credentials',
  title: 'The password of a registry stands in the file',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', ...surfacePlatforms],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-798', 'CWE-259'], cis: ['2.3.8'] },
  description:
    'Looks for `credentials:` of containers and services, and inputs of docker/login-action, with a password that is no expression.',
  why: 'Everybody who can read the repository, or a fork or an old clone of it, can take the password and push images with it.',
  remedy:
    'Change the password at the registry, store the new one as a secret, and write `password: ${{ secrets.REGISTRY_PASSWORD }}`. The old one stays in the history.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontainercredentials',
  ],
  aliases: ['zizmor/hardcoded-container-credentials', 'actionlint/credentials'],

  job(job, context) {
    checkImage(job.container, context);
    for (const service of job.services) checkImage(service, context);
  },
  step({ work }, context) {
    if (work.kind !== 'action' || work.reference.repository !== 'docker/login-action') return;
    const registry = findVariable(work.inputs, 'registry')?.value?.value ?? 'docker.io';
    // A registry that the job starts for itself has nothing to protect.
    if (/^(?:localhost|127\.0\.0\.1)(?::|$)/.test(registry)) return;
    reportConstant(findVariable(work.inputs, 'password'), `the registry ${registry}`, context);
  },
};
