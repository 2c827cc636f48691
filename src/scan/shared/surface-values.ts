import type { Confidence, Persona, Severity } from '#findings/severity.ts';
import type { Platform } from '#pipeline/model.ts';
import type { ForeignValue, JobSurface } from '#pipeline/surface.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { type Exposure, exposureOf, runsForeignCode } from './surface-exposure.ts';

export interface Verdict {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
}

/** Who writes a value, for the beginning of a sentence. */
export function nameWriter({ writtenBy }: ForeignValue): string {
  if (writtenBy === 'anyone') return 'anybody can write';
  if (writtenBy === 'contributor-with-approval') return 'outsiders can write';
  return writtenBy === 'caller' ? 'the caller writes' : 'members can write';
}

/** `the name of the branch ($(Build.SourceBranchName))`. */
export function nameValue({ what, name }: ForeignValue): string {
  return `${what.slice(0, 60)} (${name.slice(0, 50)})`;
}

/** `sourceBranchName` of `Build.SourceBranchName` is `SOURCE_BRANCH_NAME`: what a variable for it may be called. */
export function variableFor({ name }: ForeignValue): string {
  const last = name.slice(-60).split('.').at(-1) ?? '';
  const words = last.replaceAll(/([a-z])([A-Z])/g, '$1_$2').replaceAll(/\W+/g, '_');
  const upper = words.replaceAll(/^_+|_+$/g, '').toUpperCase();
  return /^[A-Z_]/.test(upper) ? upper.slice(0, 40) : `VALUE_${upper.slice(0, 30)}`;
}

/** How bad it is that the value is run as code in the job, by who writes it and what the run may do. */
export function judgeValue(value: ForeignValue, surface: JobSurface): Verdict & { exposure: Exposure } {
  const exposure = exposureOf(surface);
  const { reach, start } = exposure;
  // A run of a fork takes its definition from there: who wrote that needs no paste to run what they like.
  const ownDefinition = start !== undefined && runsForeignCode(start) && start.definition !== 'base';
  if (value.writtenBy === 'caller') {
    return { severity: 'low', confidence: 'low', persona: 'auditor', exposure };
  }
  if (!isOutsider(value.writtenBy)) {
    return { severity: 'low', confidence: 'medium', persona: 'pedantic', exposure };
  }
  const sure = start !== undefined && start.setting === undefined;
  const confidence = sure ? 'high' : 'medium';
  if (reach === 'full' && !ownDefinition) {
    return { severity: 'high', confidence, persona: 'regular', exposure };
  }
  // A member’s push carries an outsider’s text as well: the message and the names of what was merged.
  return {
    severity: 'medium',
    confidence: reach === 'bare' ? confidence : 'medium',
    persona: 'regular',
    exposure,
  };
}

/** The variable of the shell that has the value already, where the platform gives it one of the same name. */
function lastName({ name }: ForeignValue): string {
  return name.split('.').at(-1)?.replaceAll(/\W+/g, '_').slice(0, 60) ?? '';
}

type HandOver = (written: string, variable: string, known: string) => string;

const ENV_LIST: HandOver = (written, variable) =>
  `Hand it over as a variable, \`env: [{ name: ${variable}, value: "${written}" }]\`, and read \`"$${variable}"\` in the script, in quotes.`;

/** How a value reaches a script as a value, in the words of each platform. */
const HAND_OVERS: Readonly<Partial<Record<Platform, HandOver>>> = {
  azure: (written, variable) =>
    `Hand it over as a variable of the step, \`env: { ${variable}: ${written} }\`, and read \`"$${variable}"\` in the script, in quotes (PowerShell: \`$env:${variable}\`).`,
  circleci: (written, variable) =>
    `Hand it over as a variable of the step, \`environment: { ${variable}: ${written} }\`, and read \`"$${variable}"\` in the command, in quotes.`,
  jenkins: (_written, _variable, known) =>
    `Write the command in single quotes, so that the shell reads the variable and not Groovy: \`sh 'echo "$${known}"'\`. Parameters and \`env\` are variables of the shell already.`,
  tekton: ENV_LIST,
  argo: ENV_LIST,
  woodpecker: (_written, _variable, known) =>
    `Leave the variable to the shell: \`"$${known}"\`, in quotes and without braces. Only \`\${…}\` is filled in before the script is run.`,
  bitbucket: (_written, _variable, known) => `Let the shell read it as a value: \`"$${known}"\`, in quotes.`,
};

const ANYWHERE: HandOver = (_written, variable) =>
  `Hand the value over as a variable of the environment and read \`"$${variable}"\`, in quotes.`;

/** What to write instead of pasting `written` into a script. */
export function describeHandOver(platform: Platform, value: ForeignValue, written: string): string {
  const shown = written.replaceAll(/\s+/g, ' ').slice(0, 80);
  return (HAND_OVERS[platform] ?? ANYWHERE)(shown, variableFor(value), lastName(value));
}
