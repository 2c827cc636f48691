import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Rule } from '../../rule.ts';
import { gitlabJobs } from '../../shared/gitlab-configurations.ts';
import { findForeignVariable } from '../../shared/gitlab-foreign-variables.ts';
import { type ShellLine, shellLinesOf } from '../../shared/shell-lines.ts';
import type { Text } from '#pipeline/text.ts';

interface Line {
  readonly text: Text;
  readonly line: ShellLine;
}

/** Lines with a redirection, in scripts that name the file: the text of others can only get into it there. */
function linesInto(job: GitlabJob, file: string): Line[] {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const texts = job.steps.flatMap(({ work }) => (work.kind === 'script' ? [work.text] : []));
  return texts
    .filter((text) => name !== '' && text.value.includes(name))
    .flatMap((text) => shellLinesOf(text).map((line) => ({ text, line })))
    .filter(({ line }) => />|\btee\b|\bsed\b|\benvsubst\b/.test(line.code) && line.code.includes(name));
}

export const rule: Rule = {
  id: 'gitlab-generated-pipeline',
  title: 'Text of others becomes part of a generated pipeline',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-94', 'CWE-74'], cis: ['2.3.1'] },
  description:
    'Looks for jobs that write predefined variables with text of others into the file that `trigger: { include: [{ artifact: … }] }` runs as a child pipeline.',
  why: 'The child pipeline runs with the variables and the token of the project. A title with a line break, or a name of a branch with `$(…)`, writes jobs and commands into it.',
  remedy:
    'Put only fixed words into the generated file, `CI_COMMIT_REF_SLUG` for names; the child pipeline has the predefined variables itself, as values.',
  references: [
    'https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#dynamic-child-pipelines',
    'https://docs.gitlab.com/ci/variables/predefined_variables/',
  ],
  aliases: [],

  repository(repository, context) {
    const seen = new Set<string>();
    for (const starter of gitlabJobs(repository)) {
      for (const { path, job: maker } of starter.trigger?.generated ?? []) {
        const job = starter.pipeline.jobs.find(({ id }) => id === maker);
        if (job === undefined) continue;
        for (const { text, line } of linesInto(job, path.value)) {
          const variable = findForeignVariable(line.code, [job]);
          const place = `${text.source.file} ${text.node.start} ${line.start}`;
          if (variable === undefined || seen.has(place)) continue;
          seen.add(place);
          context.reportIn(text.source, {
            at: line.locate(0, line.code.length),
            message: `others write $${variable.origin}, and "${starter.id.slice(0, 50)}" runs ${path.value.slice(0, 60)} with it as a pipeline`,
            severity: variable.shape === 'text' ? 'high' : 'medium',
            related: [{ at: path.node, source: path.source, label: 'runs as a child pipeline' }],
          });
        }
      }
    }
  },
};
