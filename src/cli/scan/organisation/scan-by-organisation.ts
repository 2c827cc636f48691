import path from 'node:path';
import { CommandError } from '../../command-error.ts';
import type { CommandStreams } from '../../command.ts';
import { type PlatformTarget, withPlatform } from './ask-platform.ts';
import type { OrganisationValues } from './organisation-options.ts';
import { type OrganisationCommand, requireWriter, runOrganisation } from './run-organisation.ts';

function readPlatform(given: OrganisationValues): PlatformTarget | undefined {
  const apiUrl = given['api-url'];
  if (given['github-org'] !== undefined) return { platform: 'github', name: given['github-org'], apiUrl };
  if (given['gitlab-group'] !== undefined) return { platform: 'gitlab', name: given['gitlab-group'], apiUrl };
  return undefined;
}

/** Runs `scan --org`, `--github-org` or `--gitlab-group`; gives the exit code. */
export async function scanByOrganisation(
  given: OrganisationValues,
  streams: CommandStreams,
  rest: Omit<OrganisationCommand, 'target' | 'outputFolder' | 'repositoryFormats'>,
): Promise<number> {
  const wanted = [given.org, given['github-org'], given['gitlab-group']].filter((each) => each !== undefined);
  if (wanted.length > 1) {
    throw new CommandError('usage_invalid', '--org, --github-org and --gitlab-group are one at a time', {
      remedy: 'Run them one after the other, each with an --output-folder of its own.',
    });
  }
  requireWriter(rest.format);
  const folder = given['output-folder'];
  const outputFolder = folder === undefined ? undefined : path.resolve(streams.cwd, folder);
  const repositoryFormats =
    given['repository-format'].length === 0 ? ['json'] : [...new Set(given['repository-format'])].sort();
  const command = { ...rest, target: given.org, outputFolder, repositoryFormats };
  const platform = readPlatform(given);
  if (platform === undefined) return await runOrganisation(command, streams);
  return await withPlatform(platform, streams, outputFolder, ({ entries, ...found }) =>
    runOrganisation(command, streams, entries, found),
  );
}
