import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import { findValue, pairsOf } from '#pipeline/yaml/access.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

/** The address of the instance itself, which is the issuer of the token and not who it is for. */
const ISSUER =
  /^(?:https:\/\/gitlab\.com\/?|\$\{?CI_SERVER_(?:URL|HOST|FQDN)\}?|https:\/\/\$\{?CI_SERVER_(?:HOST|FQDN)\}?\/?)$/;

export const rule: Rule = {
  id: 'gitlab-identity-audience',
  title: 'An identity token is good for more than one service',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-2', 'CICD-SEC-5'], cwe: ['CWE-1259', 'CWE-863'], cis: ['2.3.8'] },
  description:
    'Looks for `id_tokens` with several audiences, with the GitLab instance as the audience, and under `default:`, where every job gets them.',
  why: 'Whoever receives a token can use it at every other service that its audiences name, as if it were the job. The audience is what keeps a service that was broken into from reaching the next one; a token that every job has is there for each test and each linter, too.',
  remedy:
    'One token for each service, in the job that needs it: `id_tokens: { VAULT_TOKEN: { aud: https://vault.example.com } }`.',
  references: [
    'https://docs.gitlab.com/ci/secrets/id_token_authentication/',
    'https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3',
  ],
  aliases: ['taudit/id_token_audience_overscoped'],

  pipeline(pipeline, context) {
    if (!isGitlabPipeline(pipeline)) return;
    const defaults = findValue(findValue(pipeline.node, 'default'), 'id_tokens');
    for (const [key] of pairsOf(defaults)) {
      context.report({
        at: key,
        message: `every job gets the identity token ${key.value.slice(0, 60)}`,
        severity: 'medium',
        key: `default ${key.value}`,
      });
    }
  },
  repository(repository, context) {
    const tokens = gitlabJobs(repository).flatMap(({ identityTokens }) => identityTokens);
    for (const { name, audiences, source, span } of distinctPlaces(tokens, (token) => token)) {
      const shown = name.slice(0, 60);
      if (audiences.length > 1) {
        const names = audiences.slice(0, 3).map(({ value }) => value.slice(0, 40));
        context.reportIn(source, {
          at: span,
          message: `the identity token ${shown} is good for ${audiences.length} services: ${names.join(', ')}`,
          key: name,
        });
        continue;
      }
      const [only] = audiences;
      if (only === undefined || !ISSUER.test(only.value)) continue;
      context.reportIn(only.source, {
        at: only.node,
        message: `the audience of ${shown} is GitLab itself: every service that takes such tokens takes this one`,
        persona: 'pedantic',
        key: name,
      });
    }
  },
};
