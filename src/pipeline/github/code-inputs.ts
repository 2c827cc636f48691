import type { Step } from '../model.ts';
import type { Text } from '../text.ts';

const VIRTUAL_MACHINE = ['run', 'prepare'];

/** Inputs that actions run as code, by their own documentation. Keys in lower case. */
const CODE_INPUTS: Readonly<Record<string, readonly string[]>> = {
  'actions/github-script': ['script'],
  'addnab/docker-run-action': ['run'],
  'amadevus/pwsh-script': ['script'],
  'appleboy/ssh-action': ['script'],
  'azure/cli': ['inlinescript'],
  'azure/powershell': ['inlinescript'],
  'cachix/cachix-action': ['installcommand'],
  'cardinalby/js-eval-action': ['expression'],
  'cloudposse/github-action-yaml-config-query': ['query'],
  'coactions/setup-xvfb': ['run'],
  'cross-platform-actions/action': ['run'],
  'cypress-io/github-action': ['build', 'command', 'install-command', 'start'],
  'devcontainers/ci': ['runcmd'],
  'devorbitus/yq-action-output': ['cmd'],
  'easingthemes/ssh-deploy': ['script_after', 'script_before'],
  'enflo/curl-action': ['curl'],
  'gabrielbb/xvfb-action': ['run'],
  'garygrossgarten/github-action-ssh': ['command'],
  'jannekem/run-python-script-action': ['script'],
  'mikefarah/yq': ['cmd'],
  'nick-fields/retry': ['command', 'new_command_on_retry', 'on_retry_command'],
  'nick-invision/retry': ['command', 'new_command_on_retry', 'on_retry_command'],
  'paambaati/codeclimate-action': ['coveragecommand'],
  'pguyot/arm-runner-action': ['commands'],
  'reactivecircus/android-emulator-runner': ['script', 'pre-emulator-launch-script'],
  // Its messages are templates that are evaluated.
  'roots/issue-closer': ['issue-close-message', 'pr-close-message'],
  // The version becomes part of the command lines of installers.
  'ruby/setup-ruby': ['ruby-version'],
  'sergeysova/jq-action': ['cmd'],
  // Templates of lodash, which are JavaScript.
  'tibdex/backport': ['body_template', 'head_template', 'labels_template', 'title_template'],
  'uraimo/run-on-arch-action': ['install', 'run', 'setup'],
  'vmactions/freebsd-vm': VIRTUAL_MACHINE,
  'vmactions/netbsd-vm': VIRTUAL_MACHINE,
  'vmactions/omnios-vm': VIRTUAL_MACHINE,
  'vmactions/openbsd-vm': VIRTUAL_MACHINE,
  'vmactions/solaris-vm': VIRTUAL_MACHINE,
  'wandalen/wretry.action': ['command', 'pre_retry_command'],
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
  if (work.kind === 'script') {
    const script: CodeText = { text: work.text, what: 'this script', language: 'shell' };
    if (work.shell === undefined || work.shell.isConstant) return [script];
    // What stands there is started as a program, with the script as its file.
    return [script, { text: work.shell, what: 'the command line of the shell', language: 'other' }];
  }
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
