import { Secret } from '#core/secret.ts';
import { ClientError } from '../client/client-error.ts';
import type { HttpSend } from '../client/http-send.ts';
import { optionalText, parseRecord } from '../client/json-fields.ts';
import { withRetries, type RetryOptions } from '../client/retry.ts';
import { assertToken, PlatformError, type Environment, type TokenSource } from './platform.ts';

const ANSWER_BYTES_MAX = 128 * 1024;
const TIMEOUT_MS = 10_000;
const URL_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

export interface GitHubActionsOptions {
  env: Environment;
  send: HttpSend;
  retry: RetryOptions;
}

/** True on GitHub's runner, and on Forgejo's and Gitea's, which copy the variables. */
export function isGitHubActions(env: Environment): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}

function permissionMissing(): PlatformError {
  return new PlatformError('token_permission_missing', 'this job may not ask GitHub for its OIDC token', {
    remedy:
      'Add "permissions: { id-token: write }" to the job (a reusable workflow needs it in its caller, too). ' +
      'A pull request from a fork never gets it.',
  });
}

/** A fresh token for each call, from the runner's own endpoint. */
export function createGitHubActionsSource({ env, send, retry }: GitHubActionsOptions): TokenSource {
  return {
    id: 'github-actions',
    canMintAgain: true,
    variables: [URL_VARIABLE, TOKEN_VARIABLE],
    async token(audience) {
      const address = env[URL_VARIABLE];
      const bearer = env[TOKEN_VARIABLE];
      if (address === undefined || address === '' || bearer === undefined || bearer === '') {
        throw permissionMissing();
      }
      if (!URL.canParse(address)) {
        throw new PlatformError('token_request_failed', `${URL_VARIABLE} is no URL`, {
          remedy: 'Leave the variable as the runner set it.',
        });
      }
      const url = new URL(address);
      url.searchParams.set('audience', audience);
      return new Secret(await requestToken(url.href, bearer, send, retry));
    },
  };
}

async function requestToken(
  url: string,
  bearer: string,
  send: HttpSend,
  retry: RetryOptions,
): Promise<string> {
  const remedy = 'Run the job again; if it stays, look at the status page of your GitHub.';
  try {
    const answer = await withRetries(
      () =>
        send({
          method: 'GET',
          url,
          headers: { authorization: `Bearer ${bearer}` },
          timeoutMs: TIMEOUT_MS,
          bodyBytesMax: ANSWER_BYTES_MAX,
        }),
      ({ status }) => status === 429 || status >= 500,
      retry,
    );
    if (answer.status === 401 || answer.status === 403) throw permissionMissing();
    const value = answer.status === 200 ? optionalText(parseRecord(answer.body), 'value') : undefined;
    if (value !== undefined) return assertToken(value, 'the answer of the runner');
    throw new PlatformError('token_request_failed', `asking for the job's token got ${answer.status}`, {
      remedy,
    });
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    throw new PlatformError('token_request_failed', `asking for the job's token failed: ${cause.message}`, {
      remedy,
      cause,
    });
  }
}
