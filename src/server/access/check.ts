import type { CheckProblem } from '#api/configuration-change.ts';
import { changeFiles, type FileChanges } from '#broker/configuration/change-files.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import { digestOf } from '#broker/configuration/load-configuration.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import type { Admission } from '../admission.ts';
import type { HandlersOf } from '../handler.ts';
import { RequestProblem } from '../request-problem.ts';
import { type AccessDependencies, requireConfiguration, requireWholeScope } from './access-dependencies.ts';
import { admitted } from './admitted.ts';

const PROBLEMS_MAX = 200;
const FIELDS_MAX = 20;

export function problemView(problem: ConfigurationProblem): CheckProblem {
  const { file, line, column, message, remedy } = problem;
  const isWarning = 'severity' in problem && problem.severity === 'warning';
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : null;
  return { file, line, column, severity: isWarning ? 'warning' : 'error', code, message, remedy };
}

export function invalidConfiguration(problems: readonly ConfigurationProblem[]): RequestProblem {
  const [first] = problems;
  return new RequestProblem('proposal_invalid', first?.message ?? 'The configuration would not be valid.', {
    ...(first === undefined ? {} : { remedy: first.remedy }),
    fields: problems.slice(0, FIELDS_MAX).map(({ file, line, column, message }) => ({
      path: `${file}:${line}:${column}`,
      message,
    })),
  });
}

/** The whole configuration with the changes. @throws RequestProblem `proposal_invalid` */
export async function loadChanged(
  { check }: Pick<AccessDependencies, 'check'>,
  current: Configuration,
  changes: FileChanges,
): Promise<Configuration> {
  const load = await check(changeFiles(current.files, changes));
  if (!load.ok) throw invalidConfiguration(load.problems);
  return load.configuration;
}

export function createCheckHandlers(
  deps: AccessDependencies,
  admission: Admission,
): HandlersOf<'checkPolicies'> {
  return {
    async checkPolicies({ body, caller }) {
      requireWholeScope(caller);
      const current = requireConfiguration(deps);
      const files = changeFiles(current.files, body.changes);
      const load = await admitted(admission, () => deps.check(files));
      const problems = load.ok ? load.configuration.warnings : load.problems;
      return {
        value: {
          valid: load.ok,
          baseDigest: current.digest,
          resultDigest: digestOf(files),
          problems: problems.slice(0, PROBLEMS_MAX).map((problem) => ({
            ...problemView(problem),
            // What keeps it from being in force is an error; what is only to be looked at never does.
            ...(load.ok ? { severity: 'warning' as const } : {}),
          })),
        },
      };
    },
  };
}
