import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#core/errors.ts';
import { CONFIGURATION_FILE } from '#broker/configuration/load-configuration.ts';
import { CommandError } from '../command-error.ts';

function starterText(url: string): string {
  return `# What Vouchgate lets whom have. Changes are put in force when you save; a file with
# a mistake is refused, and the version before stays in force.
# Reference: docs/reference/configuration.md · check: vouchgate policy check
version: 1
# Public URL of this server. It is the issuer of our tokens, and the audience that
# the tokens of your jobs must have.
url: ${url}

# One person runs this server so far, and approves their own changes in the console.
# Take this away when a second one is there: then somebody else has to look.
changes: { approvals: 0 }

identityProviders:
  github:
    type: github-actions
    # Only your own organisation's jobs get as far as a policy (Settings → id in the API):
    # required: { repository_owner_id: "123456" }

# credentialProviders:
#   main-postgres:
#     type: postgres
#     host: db.example.com
#     database: shop
#     adminUser: vouchgate
#     adminPassword: { file: /run/secrets/pg-admin }

# resources:
#   shop-db:
#     credentialProvider: main-postgres
#     privileged: true
#     ttl: 15m
#     parameters: { memberOf: [ci_deploy] }

# Who may have it stands in policies/*.cedar: \`vouchgate policy suggest\` drafts one.
`;
}

/** A first configuration that is valid, allows nothing, and says what to write next. Never over one that is there. */
export async function writeStarterConfiguration(folder: string, url: string): Promise<void> {
  const path = join(folder, CONFIGURATION_FILE);
  try {
    await mkdir(join(folder, 'policies'), { recursive: true, mode: 0o700 });
    await writeFile(path, starterText(url), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return;
    throw new CommandError('usage_invalid', `${path} cannot be written: ${messageOf(cause)}`, {
      remedy: 'Let this user write there, or name the configuration with --config DIR.',
      location: path,
      cause,
    });
  }
}
