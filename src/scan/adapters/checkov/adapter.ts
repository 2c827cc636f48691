import { defineAdapter } from '../adapter.ts';

/** Exit codes by checkov's CLI reference: 0 nothing failed, 1 a check failed, 2 it broke. */
export const adapter = defineAdapter({
  id: 'checkov',
  title: 'Checkov',
  executable: 'checkov',
  versionArgs: ['--version'],
  importer: 'checkov',
  installation: 'Install it with `pipx install checkov`.',
  plan: ({ root, argument }) => [
    {
      args: [
        '--directory',
        root,
        '--output',
        'json',
        '--quiet',
        // Without it checkov asks its maker's service for guidelines: slow, and it fails without a network.
        '--skip-download',
        ...(argument === undefined ? [] : ['--config-file', argument]),
      ],
      report: 'stdout',
      completed: [0, 1],
    },
  ],
});
