import path from 'node:path';
import { defineAdapter, isVersionFrom } from '../adapter.ts';

/** `dir` came with 8.19.0, and `detect` is kept for what was there before. */
const DIR_SINCE = '8.19.0';

/** `--exit-code 0`: a leak is not a failure, so that 1 always means that it broke. */
export const adapter = defineAdapter({
  id: 'gitleaks',
  title: 'Gitleaks',
  executable: 'gitleaks',
  versionArgs: ['version'],
  importer: 'gitleaks',
  installation: 'Its README lists packages: https://github.com/gitleaks/gitleaks#installing',
  plan: ({ root, scratch, argument }, version) => {
    const file = path.join(scratch, 'gitleaks.json');
    const isNew = version === 'unknown' || isVersionFrom(version, DIR_SINCE);
    return [
      {
        args: [
          ...(isNew ? ['dir', root] : ['detect', '--no-git', '--source', root]),
          '--report-format',
          'json',
          '--report-path',
          file,
          '--exit-code',
          '0',
          '--no-banner',
          // What is not in its report cannot leak from ours.
          '--redact',
          ...(argument === undefined ? [] : ['--config', argument]),
        ],
        report: { file },
        completed: [0],
        rulePack: [argument ?? path.join(root, '.gitleaks.toml')],
      },
    ];
  },
});
