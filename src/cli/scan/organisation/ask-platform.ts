import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { ApiClient, type ApiOptions } from '#scan/organisation/platforms/api-client.ts';
import { githubHeaders, readGithub } from '#scan/organisation/platforms/github.ts';
import { gitlabHeaders, readGitlab } from '#scan/organisation/platforms/gitlab.ts';
import type { PlatformOrganisation } from '#scan/organisation/platforms/platform-scan.ts';
import { CommandError } from '../../command-error.ts';
import type { CommandStreams, Environment } from '../../command.ts';

/** An organisation at a platform. */
export interface PlatformTarget {
  readonly platform: 'github' | 'gitlab';
  readonly name: string;
  /** Undefined for the platform's own server. */
  readonly apiUrl: string | undefined;
}

const PLATFORMS = {
  github: {
    url: 'https://api.github.com',
    tokens: ['GITHUB_TOKEN', 'GH_TOKEN'],
    headers: githubHeaders,
    read: readGithub,
  },
  gitlab: {
    url: 'https://gitlab.com/api/v4',
    tokens: ['GITLAB_TOKEN'],
    headers: gitlabHeaders,
    read: readGitlab,
  },
} as const;

function requireToken(names: readonly string[], env: Environment): Secret {
  const value = names.map((name) => env[name]).find((each) => each !== undefined && each !== '');
  if (value !== undefined) return new Secret(value);
  throw new CommandError('usage_invalid', `${names.join(' or ')} is not set`, {
    remedy:
      'Set it to a token that may read the repositories and their settings; it is sent to the platform only.',
  });
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  const plain = url !== null && url.username === '' && url.password === '' && url.search === '';
  if (plain && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new CommandError('usage_invalid', `--api-url "${text}" is not an address`, {
    remedy: 'Write it as https://github.example.com/api/v3 or https://gitlab.example.com/api/v4.',
  });
}

/** Lists what the platform has, hands it to `use`, and cleans up; `outputFolder` keeps what was fetched. */
export async function withPlatform<Result>(
  target: PlatformTarget,
  { env, clock }: Pick<CommandStreams, 'env' | 'clock'>,
  outputFolder: string | undefined,
  use: (found: PlatformOrganisation) => Promise<Result>,
): Promise<Result> {
  const { tokens, headers, read, url: known } = PLATFORMS[target.platform];
  const token = requireToken(tokens, env);
  const url = readUrl(target.apiUrl ?? known);
  // A server of one's own may well stand in a private network: it was named by hand.
  const trust =
    target.apiUrl === undefined
      ? {}
      : { allowPrivateHosts: [url.host, ...(url.port === '' ? [url.hostname] : [])] };
  const bounded = createBoundedFetch({ clock, log: silentLogger, trust });
  const folder = outputFolder ?? mkdtempSync(path.join(tmpdir(), 'vouchgate-platform-'));
  try {
    const options: ApiOptions = {
      fetch: bounded.fetch,
      clock,
      sleep: (durationMs) => sleep(durationMs),
      baseUrl: url.href.replace(/\/+$/, ''),
      headers,
      token,
      cacheFolder: outputFolder === undefined ? undefined : path.join(outputFolder, 'platform-cache'),
    };
    return await use(await read(new ApiClient(options), target.name, path.join(folder, 'fetched')));
  } finally {
    await bounded.close();
    if (outputFolder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
