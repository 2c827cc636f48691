import { defineAdapter, isVersionFrom } from '../adapter.ts';

/** Exit codes by its documentation: 0 nothing, 1 vulnerabilities, 127 an error, 128 no packages. */
export const adapter = defineAdapter({
  id: 'osv-scanner',
  title: 'OSV-Scanner',
  executable: 'osv-scanner',
  versionArgs: ['--version'],
  importer: 'osv-scanner',
  installation: 'Its documentation lists packages: https://google.github.io/osv-scanner/installation/',
  plan: ({ root, argument }, version) => [
    {
      args: [
        ...(isVersionFrom(version, '2.0.0') ? ['scan', 'source'] : []),
        '--recursive',
        '--format',
        'json',
        ...(argument === undefined ? [] : ['--config', argument]),
        root,
      ],
      report: 'stdout',
      completed: [0, 1],
      nothingToDo: [128],
    },
  ],
});
