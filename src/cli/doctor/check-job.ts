import { AppError, messageOf } from '#core/errors.ts';
import { createHttpSend } from '../client/http-send.ts';
import { isRecord } from '../client/json-fields.ts';
import { parseServerUrl } from '../client/server-url.ts';
import type { Environment, GlobalOptions } from '../command.ts';
import { isGitHubActions } from '../platform/github-actions.ts';
import { ID_TOKEN_VARIABLE, isGitLabCi } from '../platform/gitlab-ci.ts';
import { type Check, ok, problem, warning } from './check.ts';

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;

/** Whether this process could ask for a credential as a job, and what is missing if it could not. */
export function checkJob(env: Environment): Check[] {
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  const given = isSet(ID_TOKEN_VARIABLE);
  if (isGitHubActions(env)) {
    const canAsk = isSet('ACTIONS_ID_TOKEN_REQUEST_URL') && isSet('ACTIONS_ID_TOKEN_REQUEST_TOKEN');
    if (canAsk || given) return [ok('job', 'runs on GitHub Actions, and a token can be had')];
    const remedy =
      'Give the job `permissions: id-token: write`. Jobs of pull requests from forks cannot have it.';
    return [warning('job', 'runs on GitHub Actions, without the permission to have a token.', remedy)];
  }
  if (given) return [ok('job', `has a token in ${ID_TOKEN_VARIABLE}`)];
  if (!isGitLabCi(env)) return [];
  const remedy = `Add \`id_tokens: { ${ID_TOKEN_VARIABLE}: { aud: <server URL> } }\` to the job.`;
  return [warning('job', 'runs on GitLab CI, without a token.', remedy)];
}

/** Whether the server of `--server` is there and would decide. Asked as a job would ask: same proxy, same trust. */
export async function checkServer(env: Environment, global: GlobalOptions): Promise<Check[]> {
  try {
    const server = parseServerUrl(global.server);
    const send = createHttpSend({ env, caFile: global.caFile });
    const { status, body } = await send({
      method: 'GET',
      url: `${server}/readyz`,
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
    });
    if (status === 200) return [ok('server', `${server} is ready`)];
    const { detail, remedy } = readProblem(body);
    const message = `${server} is up, but not ready (status ${status})${detail === undefined ? '.' : `: ${detail}`}`;
    return [problem('server', message, remedy ?? `Is it Vouchgate that answers at ${server}?`)];
  } catch (error) {
    const remedy = error instanceof AppError ? error.remedy : undefined;
    return [problem('server', `${messageOf(error)}.`, remedy ?? 'Check the address and the network.')];
  }
}

function readProblem(body: string): { detail?: string; remedy?: string } {
  try {
    const value: unknown = JSON.parse(body);
    if (!isRecord(value)) return {};
    const { detail, remedy } = value;
    return {
      ...(typeof detail === 'string' ? { detail } : {}),
      ...(typeof remedy === 'string' ? { remedy } : {}),
    };
  } catch {
    return {};
  }
}
