import { defineAdapter, type ToolPlan, type ToolTarget } from '../adapter.ts';

const NO_DATABASE = 'vulnerabilities of packages: its database cannot be had';

/** `trivy fs` ends with 0 unless `--exit-code` says otherwise; any other code is a failure. */
function planScanners({ root, argument }: ToolTarget, scanners: string, without?: string): ToolPlan {
  return {
    args: [
      'fs',
      '--quiet',
      '--format',
      'json',
      '--scanners',
      scanners,
      ...(without === undefined ? [] : ['--offline-scan']),
      ...(argument === undefined ? [] : ['--config', argument]),
      root,
    ],
    report: 'stdout',
    completed: [0],
    ...(without === undefined ? {} : { without }),
  };
}

export const adapter = defineAdapter({
  id: 'trivy',
  title: 'Trivy',
  executable: 'trivy',
  versionArgs: ['--version'],
  importer: 'trivy',
  installation: 'Its documentation lists packages: https://trivy.dev/latest/getting-started/installation/',
  // The database of vulnerabilities comes from a registry that answers "too many requests" often enough; and what is
  // `misconfig` now was `config` before 0.47.
  plan: (target) => [
    planScanners(target, 'vuln,misconfig,secret'),
    planScanners(target, 'misconfig,secret', NO_DATABASE),
    planScanners(target, 'config,secret', NO_DATABASE),
  ],
});
