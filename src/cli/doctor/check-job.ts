import { messageOf } from '#core/errors.ts';
import { identityProviderKinds } from '#identity/providers.generated.ts';
import type { Environment } from '../command.ts';
import { type Check, ok, warning } from './check.ts';

/** Whether this process could ask for a credential as a job, and what is missing if it could not. */
export function checkJob(env: Environment): Check[] {
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  const here = Object.values(identityProviderKinds).filter(
    ({ tokenSource }) => tokenSource.detect.length > 0 && tokenSource.detect.every(isSet),
  );
  if (here.length > 0) return here.map((kind) => ok('job', `runs on ${kind.title}, and a token can be had`));
  if (isSet('GITHUB_ACTIONS')) {
    return [
      warning(
        'job',
        'runs on GitHub Actions without a token.',
        'Give the job `permissions: id-token: write`.',
      ),
    ];
  }
  if (isSet('GITLAB_CI')) {
    return [
      warning(
        'job',
        'runs on GitLab CI without a token.',
        'Add `id_tokens: { VOUCHGATE_ID_TOKEN: { aud: <server URL> } }` to the job.',
      ),
    ];
  }
  return [];
}

/** Whether the server of `--server` is there and would decide. */
export async function checkServer(server: string): Promise<Check[]> {
  try {
    const answer = await fetch(new URL('/readyz', server), { signal: AbortSignal.timeout(10_000) });
    if (answer.ok) return [ok('server', `${server} is ready`)];
    return [
      warning(
        'server',
        `${server} is up, but not ready (status ${answer.status}).`,
        `Read ${server}/readyz: it says what is missing.`,
      ),
    ];
  } catch (error) {
    return [
      warning(
        'server',
        `${server} does not answer: ${messageOf(error)}.`,
        'Check the address and the network.',
      ),
    ];
  }
}
