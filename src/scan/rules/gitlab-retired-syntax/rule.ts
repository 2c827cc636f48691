import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import { isJobName } from '#pipeline/gitlab/configuration.ts';
import type { Span } from '#pipeline/source.ts';
import { findEntry, findValue, pairsOf } from '#pipeline/yaml/access.ts';
import type { Report, Rule } from '../../rule.ts';
import { distinctPlaces, gitlabScriptLines, gitlabVariables } from '../../shared/gitlab-configurations.ts';
import { findRetiredVariable, type Retired, retiredKeys, retiredReports } from './retired.ts';

function toReport({ what, since, instead, severity, persona }: Retired, at: Span, gone: string): Report {
  return {
    at,
    message: `${what} ${gone} since GitLab ${since}`,
    remedy: instead,
    severity,
    persona,
    key: what,
  };
}

export const rule: Rule = {
  id: 'gitlab-retired-syntax',
  title: 'Something that GitLab took away',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-477'], cis: [] },
  description:
    'Looks for variables, keys and reports that current versions of GitLab have not: `CI_JOB_JWT`, `CI_BUILD_*`, `types`, old kinds of reports.',
  why: 'A variable that is not set is an empty text: a login fails, or goes on without a credential; a report that is not taken is a check that nobody sees. Where it still works, the instance is years behind its security fixes.',
  remedy: 'Write what took its place.',
  references: ['https://docs.gitlab.com/update/deprecations/'],
  aliases: [],

  pipeline(pipeline, context) {
    if (!isGitlabPipeline(pipeline)) return;
    const types = findEntry(pipeline.node, 'types');
    const top = retiredKeys['types'];
    if (types !== undefined && top !== undefined) context.report(toReport(top, types.key, 'means nothing'));
    for (const [name, job] of pairsOf(pipeline.node)) {
      if (!isJobName(name.value) || findValue(job, 'script') === undefined) continue;
      const type = findEntry(job, 'type');
      const retired = retiredKeys['type'];
      if (type !== undefined && retired !== undefined) {
        context.report(toReport(retired, type.key, 'means nothing'));
      }
      for (const [report] of pairsOf(findValue(findValue(job, 'artifacts'), 'reports'))) {
        const old = Object.hasOwn(retiredReports, report.value) ? retiredReports[report.value] : undefined;
        if (old !== undefined) context.report(toReport(old, report, 'is not taken'));
      }
    }
  },
  repository(repository, context) {
    const texts = [
      ...gitlabScriptLines(repository).map(({ text }) => text),
      ...gitlabVariables(repository).map(({ value }) => value),
    ];
    for (const text of distinctPlaces(texts, ({ source, node }) => ({ source, span: node }))) {
      const use = findRetiredVariable(text.value);
      if (use === undefined) continue;
      context.reportIn(text.source, toReport(use.retired, text.span(use.start, use.end), 'is empty'));
    }
  },
};
