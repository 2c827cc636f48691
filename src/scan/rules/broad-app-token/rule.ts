import type { ActionUse, Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { replaceValueFix } from '../../shared/replace-value.ts';

function findInput(use: ActionUse, name: string): Variable | undefined {
  return use.inputs.find((input) => input.name.toLowerCase() === name && input.value?.value.trim() !== '');
}

/** Scopes of the organisation have nothing to do with repositories. */
function isForOrganisationOnly(use: ActionUse): boolean {
  const scopes = use.inputs.filter(({ name }) => /^permission-/i.test(name));
  return scopes.length > 0 && scopes.every(({ name }) => /^permission-(?:members|organization-)/i.test(name));
}

function findRevocationSwitch(use: ActionUse): Variable | undefined {
  return use.inputs.find(
    ({ name, value }) => name.toLowerCase() === 'skip-token-revoke' && value?.value.toLowerCase() !== 'false',
  );
}

function checkOfficial(use: ActionUse, context: RuleContext): void {
  const owner = findInput(use, 'owner');
  if (owner !== undefined && findInput(use, 'repositories') === undefined && !isForOrganisationOnly(use)) {
    context.report({
      at: owner.node,
      message: `the token of the App reaches every repository of ${owner.value?.value ?? 'its owner'} in which it is installed`,
      remedy: 'Name what it is for: `repositories: one,other`.',
      key: 'repositories',
    });
  }
  if (!use.inputs.some(({ name }) => /^permission-/i.test(name))) {
    context.report({
      at: use.text.node,
      message: 'the token can do everything that the App may do',
      severity: 'low',
      persona: 'pedantic',
      remedy: 'Say what it is for, one input each: `permission-contents: write`.',
      key: 'permissions',
    });
  }
  const kept = findRevocationSwitch(use);
  if (kept !== undefined) {
    context.report({
      at: kept.node,
      message:
        kept.value?.isConstant === true
          ? 'the token of the App stays valid after the job'
          : 'the token of the App can stay valid after the job',
      severity: 'low',
      remedy: 'Remove `skip-token-revoke`: the token is then revoked at the end of the job.',
      key: 'revoke',
      fixes: [replaceValueFix(kept, 'false', 'revoke the token at the end of the job')],
    });
  }
}

/** Older actions for the same, which take the scopes as one document. */
const OTHERS = new Set(['tibdex/github-app-token', 'peter-murray/workflow-application-token-action']);

export const rule: Rule = {
  id: 'broad-app-token',
  title: 'The token of a GitHub App can do more than the job needs',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['github-app-token', 'application-token'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-5', 'CICD-SEC-2'], cwe: ['CWE-250', 'CWE-269'], cis: ['2.3.5'] },
  description:
    'Looks for tokens of GitHub Apps for all repositories of an owner, with all permissions of the App, or that outlive the job.',
  why: 'An App is often installed for a whole organisation. A token without limits that a dependency of this one job takes along opens all of it.',
  remedy: 'Limit the token to the `repositories:` and `permission-…:` that this job uses.',
  references: ['https://github.com/actions/create-github-app-token#inputs'],
  aliases: [
    'zizmor/github-app',
    'ghalint/github_app_should_limit_repositories',
    'ghalint/github_app_should_limit_permissions',
  ],

  step({ work }, context) {
    if (work.kind !== 'action') return;
    const { repository } = work.reference;
    if (repository === 'actions/create-github-app-token') checkOfficial(work, context);
    if (OTHERS.has(repository) && findInput(work, 'permissions') === undefined) {
      context.report({
        at: work.text.node,
        message: 'the token can do everything that the App may do',
        severity: 'low',
        persona: 'pedantic',
        remedy: `Use \`actions/create-github-app-token\` with \`repositories:\` and \`permission-…:\`, or give ${repository} its \`permissions:\`.`,
        key: 'permissions',
      });
    }
  },
};
