import { defineAdapter } from '../adapter.ts';

const OWN_RULES = ['.semgrep.yml', '.semgrep.yaml', 'semgrep.yml', '.semgrep'];

/** Exit codes by its CLI reference: 0 it ran to its end, 1 findings with `--error`; 2 and above are failures. */
export const adapter = defineAdapter({
  id: 'semgrep',
  title: 'Semgrep',
  executable: 'semgrep',
  versionArgs: ['--version', '--disable-version-check'],
  importer: 'semgrep',
  installation: 'Install it with `pipx install semgrep`.',
  plan: ({ root, findFiles, argument }) => {
    const own = findFiles((name) => OWN_RULES.includes(name)).find((file) => OWN_RULES.includes(file));
    // `auto` would send the names of what is scanned to its maker, so the rules are named.
    const rules = argument ?? own ?? 'p/default';
    return [
      {
        args: [
          'scan',
          '--json',
          '--quiet',
          '--metrics=off',
          '--disable-version-check',
          '--config',
          rules,
          root,
        ],
        report: 'stdout',
        completed: [0, 1],
        rulePack: [rules],
      },
    ];
  },
});
