import type { Script, Step } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import {
  linesOf,
  posixScriptOf,
  type ShellLine,
  type VariableUse,
  variablesIn,
} from '../../shared/shell-script.ts';
import { ShellTaint, worstOf } from '../../shared/shell-taint.ts';
import type { Rule, RuleContext } from '../../rule.ts';

/** Commands whose argument is a program, up to where it begins. */
const EVALUATORS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[\s;&|(])eval\s+/, 'the shell'],
  [/(?:^|[\s;&|(/])(?:ba|da|z)?sh\s+(?:-\w+\s+)*-\w*c\s+/, 'a shell'],
  [/\bpython3?\s+-c\s+/, 'Python'],
  [/\bnode\s+(?:-e|--eval|-p|--print)\s+/, 'Node'],
  [/\bperl\s+(?:-\w+\s+)*-\w*e\s+/, 'Perl'],
  [/\bruby\s+-e\s+/, 'Ruby'],
  [/\bphp\s+-r\s+/, 'PHP'],
  [/\bsed\s+(?:-[inErsz]+\s+)*(?:-e\s+)?(?=")/, 'sed'],
  [/\bg?awk\s+(?=")/, 'awk'],
];

/** True when `at` is in the argument that begins at `start`: one quoted text, or one word. */
function isInArgument(line: string, start: number, at: number): boolean {
  const between = line.slice(start, at);
  if (!between.startsWith('"')) return !/[\s;&|'"]/.test(between);
  return !/(?<!\\)"/.test(between.slice(1));
}

/** Eval runs all of its arguments. */
function isInEval(line: string, start: number, at: number): boolean {
  return !/[;&|]|#/.test(line.slice(start, at).replace(/"[^"]*"?/g, ''));
}

function findEvaluator(line: string, use: VariableUse): string | undefined {
  for (const [pattern, what] of EVALUATORS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const start = match.index + match[0].length;
    if (start > use.start) continue;
    const inside = what === 'the shell' ? isInEval : isInArgument;
    if (inside(line, start, use.start)) return what;
  }
  return undefined;
}

/** Programs that options make run something, write a file, or send one. */
const WITH_OPTIONS =
  /(?:^|[;&|(]\s*|\bsudo\s+|\bthen\s+|\bdo\s+|^\s*)(git|curl|wget|tar|find|rsync|ssh|scp|zip|gh|npm|pip3?|docker|go|make|xargs|env)\s/g;

/** The program that an unquoted value becomes several arguments of. */
function findProgram(line: string, use: VariableUse): string | undefined {
  if (use.quoting !== 'none') return undefined;
  const before = line.slice(0, use.start);
  // An assignment and a test split no words.
  if (/\[\[[^\]]*$/.test(before) || /(?:^|\s)[A-Za-z_]\w*=\S*$/.test(before)) return undefined;
  const last = [...before.matchAll(WITH_OPTIONS)].at(-1);
  const rest = last === undefined ? '' : before.slice(last.index + last[0].length);
  return last === undefined || /[;&|)]/.test(rest.replace(/"[^"]*"|'[^']*'/g, '')) ? undefined : last[1];
}

function reportUse(
  script: Script,
  line: ShellLine,
  use: VariableUse,
  taint: Taint,
  context: RuleContext,
  said: Set<string>,
): void {
  const evaluator = findEvaluator(line.text, use);
  const program = evaluator === undefined && taint.shape === 'text' ? findProgram(line.text, use) : undefined;
  const once = `${use.name} ${evaluator ?? program ?? ''}`;
  if ((evaluator === undefined && program === undefined) || said.has(once)) return;
  said.add(once);
  const full = taint.authority === 'full';
  const span = script.text.span(line.start + use.start, line.start + use.end);
  const what = `an outsider writes \`$${use.name}\` (${taint.origin})`;
  context.report({
    at: span,
    message:
      evaluator === undefined
        ? `${what}, and without quotes it becomes options of ${program ?? ''}`
        : `${what}, and ${evaluator} reads it as part of a program`,
    severity: full ? (evaluator === undefined ? 'medium' : 'high') : 'low',
    confidence:
      taint.certainty === 'certain' && !['sed', 'awk'].includes(evaluator ?? '') ? 'high' : 'medium',
    // A pull request that runs without secrets could as well change the script itself.
    persona: full ? 'regular' : 'pedantic',
    path:
      taint.hops.length === 0
        ? []
        : [...taint.hops, { label: 'read as code', source: script.text.source, span }],
    key: `${use.name} ${line.text.trim()}`,
  });
}

/** A word of each evaluator and program: following a variable back costs far more than a look for them. */
const COMMANDS =
  /eval|sh\s|python3?\s|node\s|perl\s|ruby\s|php\s|sed\s|awk\s|(?:git|curl|wget|tar|find|rsync|ssh|scp|zip|gh|npm|pip3?|docker|go|make|xargs|env)\s/;

function checkStep(step: Step, context: RuleContext): void {
  const script = posixScriptOf(step);
  if (script === undefined || !script.text.value.includes('$') || !COMMANDS.test(script.text.value)) return;
  const lines = linesOf(script);
  const taints = new ShellTaint(step, context);
  const said = new Set<string>();
  for (const line of lines) {
    if (!line.text.includes('$') || !COMMANDS.test(line.text) || /^\s*#/.test(line.text)) continue;
    for (const use of variablesIn(line.text)) {
      const taint = worstOf(taints.ofVariable(use.name));
      if (taint !== undefined) reportUse(script, line, use, taint, context, said);
    }
  }
}

export const rule: Rule = {
  id: 'argument-injection',
  title: 'A variable of outsiders is read as code or options',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-88', 'CWE-78', 'CWE-95'], cis: ['2.3.1'] },
  description:
    'Looks for shell variables with an outsider’s text inside of programs for `eval`, `bash -c`, `python -c`, `sed`, `awk` and their like, and without quotes among the arguments of programs that have dangerous options.',
  why: 'Handing a value over as a variable keeps it away from the shell that reads the script, and not from the next one: `bash -c "echo $TITLE"` and `sed "s/x/$TITLE/"` put it into a program again. Without quotes its words become arguments, such as `-o file` for curl.',
  remedy:
    'Hand it to the inner program as an argument or a variable, too: `bash -c \'echo "$1"\' _ "$TITLE"`, `awk -v title="$TITLE" \'…\'`; put quotes around it, and `--` in front.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks',
    'https://sonarsource.github.io/argument-injection-vectors/',
  ],
  aliases: [
    'codeql/actions/argument-injection/critical',
    'codeql/actions/command-injection/critical',
    'sisakulint/argument-injection-critical',
  ],

  step(step, context) {
    checkStep(step, context);
  },
};
