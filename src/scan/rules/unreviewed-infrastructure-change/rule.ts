import type { Rule } from '../../rule.ts';

const COMMANDS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\b(?:terraform|tofu|terragrunt)\b[^\n;&|]*\bapply\b[^\n;&|]*-auto-approve\b/, 'apply -auto-approve'],
  [/\b(?:terraform|tofu|terragrunt)\b[^\n;&|]*\bdestroy\b[^\n;&|]*-auto-approve\b/, 'destroy -auto-approve'],
  [/\bpulumi\s+(?:up|destroy)\b[^\n;&|]*(?:--yes|-y)\b/, 'pulumi --yes'],
  [/\bcdk\s+deploy\b[^\n;&|]*--require-approval[= ]never\b/, 'cdk deploy --require-approval never'],
];

/** Most scripts have none of them, and need not be looked at line by line. */
const PROGRAMS = /terraform|tofu|terragrunt|pulumi|cdk/;

export const rule: Rule = {
  id: 'unreviewed-infrastructure-change',
  title: 'Infrastructure changes without a look at the plan',
  severity: 'medium',
  confidence: 'medium',
  persona: 'auditor',
  platforms: ['github'],
  needs: ['terraform', 'tofu', 'terragrunt', 'pulumi', 'cdk'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-862'], cis: ['5.2.2'] },
  description:
    'Looks for Terraform, OpenTofu, Pulumi and CDK that change infrastructure with all questions answered beforehand, in jobs without an environment.',
  why: 'The plan is made and carried out in one go: what a provider, a module or a changed state does on that day is seen when it has happened. One merged line can take down or open up what runs.',
  remedy:
    'Make the plan in one job (`terraform plan -out=plan`), and apply that file in a second one with `environment: production` and reviewers.',
  references: ['https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform'],
  aliases: ['taudit/terraform_auto_approve'],

  step(step, context) {
    if (step.work.kind !== 'script' || step.job.environment !== undefined) return;
    if (!PROGRAMS.test(step.work.text.value)) return;
    const { text } = step.work;
    for (const line of text.value.replaceAll('\\\n', '  ').matchAll(/[^\n]+/g)) {
      if (/^\s*(?:#|echo\b)/.test(line[0]) || line[0].length > 4_000) continue;
      const found = COMMANDS.find(([pattern]) => pattern.test(line[0]));
      const match = found?.[0].exec(line[0]);
      if (found === undefined || match === undefined || match === null) continue;
      const start = line.index + match.index;
      context.report({
        at: text.span(start, start + match[0].length),
        message: `the job ${step.job.id} changes infrastructure without anybody seeing the plan: ${found[1]}`,
      });
    }
  },
};
