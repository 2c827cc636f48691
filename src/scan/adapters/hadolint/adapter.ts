import { defineAdapter } from '../adapter.ts';

const FILES_MAX = 1_000;

function isDockerfile(name: string): boolean {
  return /^(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$|\.[Dd]ockerfile$/.test(name);
}

/** `--no-fail` ends with 0 whatever it found; 1 stays for a file that it could not read. */
export const adapter = defineAdapter({
  id: 'hadolint',
  title: 'Hadolint',
  executable: 'hadolint',
  versionArgs: ['--version'],
  importer: 'hadolint',
  installation: 'Its README lists packages: https://github.com/hadolint/hadolint#install',
  plan: ({ findFiles, argument }) => {
    const files = findFiles(isDockerfile).slice(0, FILES_MAX);
    if (files.length === 0) return [];
    return [
      {
        args: [
          '--format',
          'json',
          '--no-fail',
          ...(argument === undefined ? [] : ['--config', argument]),
          '--',
          ...files,
        ],
        report: 'stdout',
        completed: [0],
      },
    ];
  },
});
