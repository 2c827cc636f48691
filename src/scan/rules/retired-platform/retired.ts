import type { Version } from '../../shared/action-versions.ts';

/** Labels of hosted runners that exist no more, with their last day (UTC), as announced until 2026-11-23. */
export const retiredRunners: Readonly<Record<string, string>> = {
  'ubuntu-16.04': '2021-09-20',
  'ubuntu-18.04': '2023-04-03',
  'ubuntu-20.04': '2025-04-15',
  'macos-10.15': '2023-03-31',
  'macos-11': '2024-06-28',
  'macos-12': '2024-12-03',
  'macos-12-large': '2024-12-03',
  'macos-12-xl': '2024-12-03',
  'macos-13': '2025-12-04',
  'macos-13-large': '2025-12-04',
  'macos-13-xlarge': '2025-12-04',
  'macos-14': '2026-11-02',
  'macos-14-large': '2026-11-02',
  'macos-14-xlarge': '2026-11-02',
  'windows-2016': '2022-03-15',
  'windows-2019': '2025-06-30',
};

/** A runtime of actions, the day from which that holds, and what it means. */
export interface RetiredRuntime {
  readonly date: string;
  readonly what: string;
}

/** The latest first. */
export const retiredRuntimes: Readonly<Record<string, readonly RetiredRuntime[]>> = {
  node12: [{ date: '2023-09-27', what: 'runners have it no more and run the action with a newer one' }],
  node16: [{ date: '2024-11-12', what: 'runners have it no more and run the action with a newer one' }],
  node20: [
    { date: '2026-09-23', what: 'runners have it no more and run the action with a newer one' },
    { date: '2026-04-30', what: 'Node.js 20 gets no more security fixes' },
  ],
};

/** Versions of GitHub’s own actions whose service was switched off. */
export interface RetiredVersions {
  readonly repository: string;
  readonly from?: Version;
  readonly below: Version;
  readonly date: string;
}

export const retiredVersions: readonly RetiredVersions[] = [
  { repository: 'actions/upload-artifact', below: [4], date: '2025-01-30' },
  { repository: 'actions/download-artifact', below: [4], date: '2025-01-30' },
  // Built on upload-artifact v3 and on the service behind it.
  { repository: 'actions/upload-pages-artifact', below: [3], date: '2025-01-30' },
  { repository: 'actions/deploy-pages', below: [4], date: '2025-01-30' },
  { repository: 'actions/cache', below: [3], date: '2025-03-01' },
  { repository: 'actions/cache', from: [3], below: [3, 4, 0], date: '2025-04-15' },
  { repository: 'actions/cache', from: [4], below: [4, 2, 0], date: '2025-04-15' },
];
