import { soundsSecret } from '#pipeline/azure/credentials.ts';
import { findSetVariables, type SetVariable } from '#pipeline/azure/set-variables.ts';
import type { Report, Rule } from '../../rule.ts';

const SCRIPT_CHARACTERS_MAX = 500_000;

/** Without the quotes and brackets that end the command around it. */
function valueOf({ text, start, end }: SetVariable): string {
  return text.value
    .slice(start, end)
    .replaceAll(/\\[nr]/g, '')
    .replace(/["'`)\s]{1,20}$/, '')
    .trim();
}

/** Something that the script puts in: a variable, a macro, a place of a format. */
function isComputed(value: string): boolean {
  return /[$%{`]/.test(value);
}

function isPlaceholder(value: string): boolean {
  return value.length < 4 || /^(?:true|false|none|null|xxx+|\*+|<.*>|changeme|example|dummy)$/i.test(value);
}

/** `isSecret` holds from the command on, so what it hides must not stand in front of it. */
function judge(command: SetVariable): Omit<Report, 'at'> | undefined {
  const value = valueOf(command);
  const name = command.name.slice(0, 60);
  if (command.isSecret) {
    if (value === '' || isComputed(value) || isPlaceholder(value)) return undefined;
    return {
      message: `The value of the secret variable ${name} stands in the script`,
      severity: 'high',
      remedy:
        'Change the secret where it is used, store the new one as a secret variable or in a key vault, and hand it to the step with `env:`.',
    };
  }
  if (!soundsSecret(command.name) || !isComputed(value)) return undefined;
  return { message: `${name} becomes a variable for all later steps without \`issecret=true\`` };
}

export const rule: Rule = {
  id: 'azure-unmasked-secret',
  title: 'A script makes a secret a variable that is not hidden',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['azure'],
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-10'], cwe: ['CWE-532', 'CWE-798'], cis: ['2.3.8'] },
  description:
    'Looks for `##vso[task.setvariable …]` that sets a variable with the name of a secret without `issecret=true`, and for ones that hide a value which stands in the file.',
  why: 'A variable that is not secret is in the environment of every later step of the job, in outputs that other jobs read, and in plain words in every log that prints it. One that stands in the file is no secret for anybody who can read the repository, now or in its history.',
  remedy:
    'Write `##vso[task.setvariable variable=NAME;issecret=true]$value`, and hand it to the one step that needs it with `env: { NAME: $(NAME) }`.',
  references: [
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/process/set-secret-variables',
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands#setvariable-initialize-or-modify-the-value-of-a-variable',
  ],
  aliases: ['checkov/CKV_AZUREPIPELINES_3', 'taudit/setvariable_issecret_false'],

  step({ work }, context) {
    if (work.kind !== 'script' || work.text.value.length > SCRIPT_CHARACTERS_MAX) return;
    for (const command of findSetVariables(work.text)) {
      const report = judge(command);
      if (report === undefined) continue;
      context.report({ ...report, at: work.text.span(command.start, command.end), key: command.name });
    }
  },
};
