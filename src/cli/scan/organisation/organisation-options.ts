import { reporters } from '#findings/reporters.generated.ts';

/** Options of `vouchgate scan` for many repositories at once. */
export const organisationOptions = {
  org: {
    value: 'folder-or-list',
    description: 'scan every repository in a folder of clones, or in a file that names one a line',
  },
  'github-org': { value: 'name', description: 'scan an organisation at GitHub (token in GITHUB_TOKEN)' },
  'gitlab-group': { value: 'path', description: 'scan a group at GitLab (token in GITLAB_TOKEN)' },
  'api-url': { value: 'url', description: 'where the API of the platform is, for a server of your own' },
  'output-folder': {
    value: 'folder',
    description: 'reports of each repository, and what the next run compares with or goes on from',
  },
  'repository-format': {
    value: 'format',
    repeatable: true,
    choices: Object.keys(reporters).filter((format) => format === 'json' || format === 'sarif'),
    description: 'what is written for each repository (default: json)',
  },
} as const;

/** Their values, as the command sees them. */
export interface OrganisationValues {
  readonly org: string | undefined;
  readonly 'github-org': string | undefined;
  readonly 'gitlab-group': string | undefined;
  readonly 'api-url': string | undefined;
  readonly 'output-folder': string | undefined;
  readonly 'repository-format': readonly string[];
}

export function asksForOrganisation(given: OrganisationValues): boolean {
  return given.org !== undefined || given['github-org'] !== undefined || given['gitlab-group'] !== undefined;
}
