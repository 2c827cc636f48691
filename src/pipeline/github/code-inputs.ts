import type { Step } from '../model.ts';
import type { Text } from '../text.ts';

/** Inputs that actions run as code, by their own documentation. Keys in lower case. */
const CODE_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'actions/github-script': ['script'],
  'addnab/docker-run-action': ['run'],
  'amadevus/pwsh-script': ['script'],
  'appleboy/ssh-action': ['script'],
  'azure/cli': ['inlinescript'],
  'azure/powershell': ['inlinescript'],
  'cardinalby/js-eval-action': ['expression'],
  'cloudposse/github-action-yaml-config-query': ['query'],
  'devorbitus/yq-action-output': ['cmd'],
  'enflo/curl-action': ['curl'],
  'jannekem/run-python-script-action': ['script'],
  'mikefarah/yq': ['cmd'],
  'nick-fields/retry': ['command', 'on_retry_command'],
  'nick-invision/retry': ['command', 'on_retry_command'],
  'reactivecircus/android-emulator-runner': ['script', 'pre-emulator-launch-script'],
  'sergeysova/jq-action': ['cmd'],
  'vmactions/freebsd-vm': ['run', 'prepare'],
};

/** A text that is run as a program after the platform has put values into it. */
export interface CodeText {
  readonly text: Text;
  /** What runs it, in words. */
  readonly what: string;
  readonly language: 'shell' | 'javascript' | 'other';
}

export function codeTextsOf(step: Step): CodeText[] {
  const { work } = step;
  if (work.kind === 'script') return [{ text: work.text, what: 'this script', language: 'shell' }];
  if (work.kind !== 'action') return [];
  const { repository } = work.reference;
  const names = Object.hasOwn(CODE_INPUTS, repository) ? (CODE_INPUTS[repository] ?? []) : [];
  const language = repository === 'actions/github-script' ? 'javascript' : 'other';
  return work.inputs
    .filter((input) => names.includes(input.name.toLowerCase()))
    .flatMap(({ value, name }) =>
      value === undefined ? [] : [{ text: value, what: `the input ${name} of ${repository}`, language }],
    );
}
