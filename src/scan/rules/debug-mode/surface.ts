import type { Variable } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Report } from '../../rule.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';
import { findHolder } from '../../shared/surface-credentials.ts';
import {
  jobsOf,
  nameJob,
  sharedScripts,
  type SurfaceJob,
  surfacePipelines,
} from '../../shared/surface-jobs.ts';
import type { Candidate } from '../../shared/surface-report.ts';

/** Switches of platforms and of tools that print requests with their headers. */
const SWITCHES =
  /^(?:system\.debug|system_debug|git_curl_verbose|git_trace_curl|npm_config_loglevel|tf_log|helm_debug)$/i;
const ON = /^(?:true|1|yes|on|trace|debug|silly)$/i;

function checkVariables(variables: readonly Variable[], jobs: readonly SurfaceJob[]): Candidate[] {
  return variables.flatMap(({ name, key, value }) => {
    if (value === undefined || !SWITCHES.test(name) || !ON.test(value.value.trim())) return [];
    const holder = findHolder(jobs);
    const beside = holder === undefined ? '' : `, in a run that has ${holder.held}`;
    const report: Omit<Report, 'at'> = {
      message: `${name.slice(0, 60)} is always on${beside}`,
      persona: holder === undefined ? 'pedantic' : 'regular',
      remedy: 'Remove it, and switch it on by hand for the one run that has to be looked at.',
    };
    return [{ source: value.source, span: key, report }];
  });
}

const TRACES = /^\s*set\s+-(?:[a-wyzA-Z]{0,8}x|o\s+xtrace)/;

/** Each command with its arguments, as the shell runs it: the values of variables, too. */
function checkScripts(repository: Repository): Candidate[] {
  return sharedScripts(repository).flatMap(({ script, jobs }) => {
    const line = shellLinesOf(script.text).find(({ code }) => TRACES.test(code));
    const holder = line === undefined ? undefined : findHolder(jobs);
    if (line === undefined || holder === undefined) return [];
    const start = line.code.length - line.code.trimStart().length;
    return [
      {
        source: script.text.source,
        span: line.locate(start, line.code.trimEnd().length),
        report: {
          message: `the shell prints each command with its values in ${nameJob(holder.at.job)}, which has ${holder.held}`,
          persona: 'pedantic',
          confidence: 'medium',
          remedy:
            'Take `-x` away, or switch it off around the commands that get a secret: `{ set +x; } 2>/dev/null`.',
        },
      },
    ];
  });
}

/** The same on the platforms whose jobs say what they hold. */
export function findOnSurfaces(repository: Repository): Candidate[] {
  const switched = surfacePipelines(repository).flatMap((pipeline) => {
    const jobs = jobsOf(pipeline);
    const own = jobs.flatMap((at) =>
      [at.job.env, ...at.job.steps.map(({ env }) => env)].flatMap((env) => checkVariables(env, [at])),
    );
    return [...checkVariables(pipeline.env, jobs), ...own];
  });
  return [...switched, ...checkScripts(repository)];
}
