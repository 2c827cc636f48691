import type { Rule } from '../../rule.ts';
import { gitlabScriptLines, hasAuthority, nameJobs } from '../../shared/gitlab-configurations.ts';

/** Ways to get code of a fork into a job that the pipeline itself would not bring there. */
const FETCHES =
  /\bgit\s+(?:clone|fetch|pull|remote\s+add|checkout|merge)\b[^\n;&|]{0,300}(?:\$\{?CI_MERGE_REQUEST_SOURCE_PROJECT_(?:URL|PATH)|merge-requests\/[^\s"']+\/(?:head|merge))/g;

export const rule: Rule = {
  id: 'gitlab-foreign-checkout',
  title: 'A script fetches the code of a merge request',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-829'], cis: ['2.3.1', '2.3.3'] },
  description:
    'Looks for `git fetch`, `git clone` and their like of `CI_MERGE_REQUEST_SOURCE_PROJECT_URL` or `merge-requests/…/head`.',
  why: 'The pipeline runs in this project, with its runners, its job token and its variables. Code of a fork that a script brings in runs with all of them.',
  remedy:
    'Let GitLab check out the merge request in a merge request pipeline of its own, and keep credentials out of that job.',
  references: ['https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/#use-with-forked-projects'],
  aliases: ['poutine/untrusted_checkout_exec'],

  repository(repository, context) {
    for (const { text, jobs } of gitlabScriptLines(repository)) {
      for (const match of text.value.matchAll(FETCHES)) {
        const trusted = jobs.some(hasAuthority);
        const also = trusted ? ', which has credentials of its own' : '';
        context.reportIn(text.source, {
          at: text.span(match.index, match.index + match[0].length),
          message: `code of a fork comes into ${nameJobs(jobs)}${also}`.slice(0, 190),
          severity: trusted ? 'high' : 'medium',
        });
      }
    }
  },
};
