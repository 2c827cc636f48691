import { defineAdapter } from '../adapter.ts';

/** Exit codes by its README: 0 no issues, 1 an error, 2 issues. */
export const adapter = defineAdapter({
  id: 'tflint',
  title: 'TFLint',
  executable: 'tflint',
  versionArgs: ['--version'],
  importer: 'tflint',
  installation:
    'Its README lists packages and installers: https://github.com/terraform-linters/tflint#installation',
  plan: ({ findFiles, argument }) =>
    findFiles((name) => name.endsWith('.tf') || name.endsWith('.tf.json')).length === 0
      ? []
      : [
          {
            args: [
              '--recursive',
              '--format=json',
              ...(argument === undefined ? [] : [`--config=${argument}`]),
            ],
            report: 'stdout',
            completed: [0, 2],
            rulePack: [argument ?? '.tflint.hcl'],
          },
        ],
});
