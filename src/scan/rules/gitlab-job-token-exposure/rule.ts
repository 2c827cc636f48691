import type { Rule } from '../../rule.ts';
import { gitlabScriptLines, nameJobs } from '../../shared/gitlab-configurations.ts';

const TOKEN = /\$\{?(CI_JOB_TOKEN|CI_REGISTRY_PASSWORD|CI_DEPLOY_PASSWORD|CI_JOB_JWT(?:_V[12])?)\b/;
const SENDER = /\b(?:curl|wget|http|https|httpie|nc|ncat)\s/;
/** A host that is spelled out; those in variables are most often the instance itself. */
const HOST = /https?:\/\/(?:[^\s/"'@$]*(?:\$\{?\w+\}?)?@)?([a-z0-9][a-z0-9.-]*\.[a-z]{2,})(?=[/:"'\s?]|$)/gi;
/** Names by which an instance of GitLab, or a registry of it, usually goes. */
const OWN = /gitlab|^(?:git|code|registry|scm|vcs|repo)\./i;
const MASKED_OUT = /^\s*#/;

function findForeignHost(command: string): string | undefined {
  for (const [, host = ''] of command.matchAll(HOST)) if (!OWN.test(host)) return host;
  return undefined;
}

/** Commands of a script; a line that ends in a backslash goes on. */
function commandsOf(script: string): { readonly text: string; readonly start: number }[] {
  const commands: { text: string; start: number }[] = [];
  let start = 0;
  for (const line of script.split(/(?<!\\)\n/)) {
    commands.push({ text: line, start });
    start += line.length + 1;
  }
  return commands;
}

export const rule: Rule = {
  id: 'gitlab-job-token-exposure',
  title: 'The token of the job goes to another host',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-201', 'CWE-522'], cis: ['2.3.8'] },
  description:
    'Looks for `curl`, `wget` and their like that send `CI_JOB_TOKEN` or a registry password to a host that is not the GitLab instance.',
  why: 'While the job runs, the token acts for the person who started it in every project that admits this one. The other host, and everything between, can use it.',
  remedy:
    'Send it to `$CI_API_V4_URL` only. For another service take an identity token made for it: `id_tokens: { SERVICE_TOKEN: { aud: https://service.example } }`.',
  references: ['https://docs.gitlab.com/ci/jobs/ci_job_token/'],
  aliases: ['checkov/CKV_GITLABCI_1'],

  repository(repository, context) {
    for (const { text, jobs } of gitlabScriptLines(repository)) {
      for (const command of commandsOf(text.value)) {
        const token = TOKEN.exec(command.text);
        if (token === null || !SENDER.test(command.text) || MASKED_OUT.test(command.text)) continue;
        const host = findForeignHost(command.text);
        if (host === undefined) continue;
        const at = command.start + token.index;
        context.reportIn(text.source, {
          at: text.span(at, at + token[0].length),
          message: `${token[1] ?? 'the token'} of ${nameJobs(jobs)} goes to ${host}`.slice(0, 190),
          key: `${token[0]} ${host}`,
        });
      }
    }
  },
};
