import type { HttpSend } from '../client/http-send.ts';
import type { RetryOptions } from '../client/retry.ts';
import type { InputStream, OutputStream } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { createEnvironmentSource, createFileSource, createStdinSource } from './generic.ts';
import { createGitHubActionsSource, isGitHubActions } from './github-actions.ts';
import { createGitLabCiSource, ID_TOKEN_VARIABLE, isGitLabCi } from './gitlab-ci.ts';
import { createAzureMasking, createBuildkiteMasking, createGitHubMasking, noMasking } from './log-masking.ts';
import type { Environment, LogMasking, TokenSource } from './platform.ts';

export interface TokenSourceOptions {
  env: Environment;
  stdin: InputStream;
  tokenFile: string | undefined;
  tokenStdin: boolean;
  send: HttpSend;
  retry: RetryOptions;
}

/** What was asked for explicitly, else what the platform offers. A token is never taken from the arguments. */
export function detectTokenSource(options: TokenSourceOptions): TokenSource {
  const { env, tokenFile, tokenStdin, send, retry } = options;
  if (tokenFile !== undefined && tokenStdin) {
    throw new CommandError('usage_invalid', '--token-file and --token-stdin exclude each other', {
      remedy: 'Give one of them.',
    });
  }
  if (tokenFile !== undefined) return createFileSource(tokenFile);
  if (tokenStdin) return createStdinSource(options.stdin);
  if (isGitHubActions(env)) {
    // Set on purpose on a runner without an endpoint of its own (act): what is there is used.
    const isTokenGiven = env['ACTIONS_ID_TOKEN_REQUEST_URL'] === undefined && Boolean(env[ID_TOKEN_VARIABLE]);
    return isTokenGiven ? createEnvironmentSource(env) : createGitHubActionsSource({ env, send, retry });
  }
  if (isGitLabCi(env)) return createGitLabCiSource(env);
  return createEnvironmentSource(env);
}

/** How the log of the platform that we run on hides values; `noMasking` where it cannot at run time. */
export function detectLogMasking(env: Environment, stderr: OutputStream): LogMasking {
  // On stderr, which every one of these platforms reads for commands too: stdout may be a pipe or a file
  // that belongs to the job (`vouchgate run -- pg_dump > dump.sql`), and must not get a secret.
  if (isGitHubActions(env)) return createGitHubMasking(stderr);
  if (env['TF_BUILD'] === 'True') return createAzureMasking(stderr);
  if (env['BUILDKITE'] === 'true') return createBuildkiteMasking(env);
  return noMasking;
}
