import type { OptionDefinitions } from '../../command.ts';

export const uploadOptions = {
  upload: {
    description:
      'hand the definitions to the server, which inspects them itself and shows them in its console',
  },
  repository: { value: 'name', description: 'with --upload: owner/name (default: that of the CI job)' },
  commit: {
    value: 'sha',
    description: 'with --upload: the commit (default: that of the CI job, or of HEAD)',
  },
  branch: { value: 'name', description: 'with --upload: the branch (default: that of the CI job)' },
} as const satisfies OptionDefinitions;
