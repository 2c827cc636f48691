import type { Version } from '../../shared/action-versions.ts';

/** Labels of hosted runners that exist no more, with their last day (UTC), as seen on 2026-11-23. */
export const retiredRunners: Readonly<Record<string, string>> = {
  'ubuntu-16.04': '2021-09-20',
  'ubuntu-18.04': '2023-04-03',
  'ubuntu-20.04': '2025-04-15',
  'macos-10.15': '2023-03-31',
  'macos-11': '2024-06-28',
  'macos-12': '2024-12-03',
  'macos-13': '2025-12-04',
  'windows-2016': '2022-03-15',
  'windows-2019': '2025-06-30',
};

/** Runtimes of actions that runners have no more, or are about to drop. */
export const retiredRuntimes: Readonly<Record<string, string>> = {
  node12: 'runners have it no more and run the action with a newer one',
  node16: 'runners have it no more and run the action with a newer one',
  node20: 'Node.js 20 has had no security fixes since April 2026',
};

/** Versions of GitHub’s own actions whose service was switched off. */
export const retiredVersions: Readonly<Record<string, { readonly below: Version; readonly date: string }>> = {
  'actions/upload-artifact': { below: [4], date: '2025-01-30' },
  'actions/download-artifact': { below: [4], date: '2025-01-30' },
  'actions/cache': { below: [3], date: '2025-03-01' },
};
