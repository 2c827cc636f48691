import type { Step } from '#pipeline/model.ts';
import type { ForeignValue, JobSurface } from '#pipeline/surface.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { Rule } from '../../rule.ts';

const LINES_MAX = 3_000;
const LINE_CHARACTERS_MAX = 2_000;

/** Prints its arguments, as long as nothing takes them on from there. */
const PRINTS = /^[ \t]*(?:echo|printf|write-host|write-output|write-information)\b/i;

/** A name of a branch cannot hold `[`, nor an address a space. */
function canCommand({ name }: ForeignValue): boolean {
  return !/branch|uri$|email$|^release\.reason$/i.test(name);
}

interface Print {
  readonly start: number;
  readonly end: number;
  readonly variable: string;
  readonly value: ForeignValue;
}

function findRead(line: string, variable: string): number {
  for (const sign of ['$', '${', '$env:', '${env:']) {
    const at = line.indexOf(sign + variable);
    if (at !== -1 && !/\w/.test(line.charAt(at + sign.length + variable.length))) return at;
  }
  return -1;
}

function findPrints(script: string, { foreignVariables }: JobSurface): Print[] {
  const variables = [...foreignVariables].filter(([, value]) => canCommand(value));
  const found: Print[] = [];
  let start = 0;
  for (const line of script.split('\n', LINES_MAX)) {
    const head = line.slice(0, LINE_CHARACTERS_MAX);
    // Written to a file, or given to another program, it is not the agent that reads it.
    const isPrinted = PRINTS.test(head) && !/[|>]/.test(head.replaceAll(/2>&1|>&2/g, ''));
    for (const [variable, value] of isPrinted ? variables : []) {
      const at = findRead(head, variable);
      if (at !== -1) found.push({ start: start + at, end: start + head.trimEnd().length, variable, value });
    }
    start += line.length + 1;
  }
  return found;
}

function look(step: Step): Print[] {
  const { surface } = step.job;
  return step.work.kind !== 'script' || surface === undefined
    ? []
    : findPrints(step.work.text.value, surface);
}

export const rule: Rule = {
  id: 'azure-logging-command',
  title: 'Text of others is printed where the agent looks for commands',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['azure'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-77', 'CWE-117'], cis: ['2.3.5'] },
  description:
    'Looks for scripts that print the message of a commit, the name of its author, or a parameter. The agent reads the output of every step, and obeys each `##vso[…]` in it.',
  why: 'A commit message with `##vso[task.prependpath]` or `##vso[task.setvariable variable=…]` in it changes which programs the later steps of the job run, and with what values; they hold the credentials. Quotes do not help: the text is only printed.',
  remedy:
    "Do not print it. Where it must be seen, break the sign first: `printf '%s\\n' \"$TEXT\" | sed 's/##/# #/g'` (PowerShell: `$env:TEXT -replace '##', '# #'`).",
  references: [
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands',
    'https://learn.microsoft.com/en-us/azure/devops/pipelines/security/inputs',
  ],
  aliases: [],

  step(step, context) {
    const { work } = step;
    if (work.kind !== 'script') return;
    for (const { start, end, variable, value } of look(step)) {
      const outsiders = isOutsider(value.writtenBy);
      context.report({
        at: work.text.span(start, end),
        message: `This prints ${value.what.slice(0, 60)} (${variable.slice(0, 50)}), and the agent obeys a \`##vso[…]\` in it`,
        severity: outsiders ? 'medium' : 'low',
        persona: outsiders ? 'regular' : value.writtenBy === 'caller' ? 'auditor' : 'pedantic',
        key: variable,
      });
    }
  },
};
