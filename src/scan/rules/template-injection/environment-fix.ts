import { pathOf } from '#pipeline/expression.ts';
import type { CodeText } from '#pipeline/github/code-inputs.ts';
import type { Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Expression } from '#pipeline/text.ts';
import { asMapping, findEntry } from '#pipeline/yaml/access.ts';
import type { EditDraft, FixDraft } from '../../rule.ts';
import { namedShellOf } from '../../shared/effective-shell.ts';
import { type QuotedShell, quotingAt, readVariable } from '../../shared/shell-quoting.ts';
import { literalAround } from './javascript-literal.ts';

/** The script is read anew for each expression in it. */
const SCRIPT_CHARS_MAX = 20_000;

/** `github.event.issue.title` → `ISSUE_TITLE`; names of the platform's own are not touched. */
function variableName(path: string): string {
  const members = path.split('.').filter((member) => !['github', 'event', '*', 'outputs'].includes(member));
  const name = members
    .slice(-2)
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
  return /^[A-Z]/.test(name) && !/^(?:GITHUB|RUNNER|ACTIONS)_|^(?:PATH|HOME|CI|IFS|ENV)$/.test(name)
    ? name
    : `VALUE_${name}`;
}

function shellOf(step: Step): QuotedShell | undefined {
  const shell = namedShellOf(step)?.value;
  if (shell !== undefined) {
    if (/^(?:ba)?sh\b/.test(shell)) return 'posix';
    return /^(?:pwsh|powershell)\b/.test(shell) ? 'powershell' : undefined;
  }
  const labels = step.job.runner?.labels ?? [];
  if (labels.length === 0) return undefined;
  if (labels.every(({ value }) => /^(?:ubuntu|macos)-/.test(value))) return 'posix';
  return labels.every(({ value }) => value.startsWith('windows-')) ? 'powershell' : undefined;
}

/** Adds a variable to the step, in the style that is there. */
function declareVariable(step: Step, name: string, value: string): EditDraft | undefined {
  const { source } = step.job.pipeline;
  const env = findEntry(step.node, 'env');
  const block = asMapping(env?.value);
  const first = block?.entries[0];
  if (env !== undefined) {
    if (env.value.kind === 'alias' || block === undefined || block.flow || first === undefined)
      return undefined;
    const indent = ' '.repeat(source.position(first.key.start).column - 1);
    return { start: first.key.start, end: first.key.start, replacement: `${name}: ${value}\n${indent}` };
  }
  const work = findEntry(step.node, 'run') ?? findEntry(step.node, 'uses');
  if (work === undefined || step.node.flow) return undefined;
  const indent = ' '.repeat(source.position(work.key.start).column - 1);
  const replacement = `env:\n${indent}  ${name}: ${value}\n${indent}`;
  return { start: work.key.start, end: work.key.start, replacement };
}

/** A place in the text, and what reads a variable there. */
interface Use extends Span {
  readonly reads: (name: string) => string;
}

function findUse({ text, outer }: Expression, { language }: CodeText, step: Step): Use | undefined {
  if (language === 'javascript') {
    const literal = literalAround(text.value, outer);
    return literal === undefined ? undefined : { ...literal, reads: (name) => `process.env.${name}` };
  }
  const shell = language === 'shell' ? shellOf(step) : undefined;
  const quoting = shell === undefined ? undefined : quotingAt(text.value, outer.start, shell);
  if (shell === undefined || quoting === undefined) return undefined;
  return { start: outer.start, end: outer.end, reads: (name) => readVariable(name, quoting, shell) };
}

/** The script already has something of this name, which a new variable would change. */
function isNamed(script: string, name: string): boolean {
  return [`$${name}`, `env:${name}`, `env.${name}`, `${name}=`].some((each) => script.includes(each));
}

/** Hands the value to the script as a variable; only where it is certain how the place is read. */
export function environmentFix(expression: Expression, code: CodeText, step: Step): FixDraft | undefined {
  const { parsed, text, inner } = expression;
  const path = parsed.ok ? pathOf(parsed.root) : undefined;
  const isBlock = text.node.style === 'literal' || (text.node.style === 'plain' && text.node.exact);
  const isReadable = isBlock && text.value.length <= SCRIPT_CHARS_MAX;
  const use = path === undefined || !isReadable ? undefined : findUse(expression, code, step);
  if (path === undefined || use === undefined) return undefined;
  const name = variableName(path);
  const taken = [...step.env, ...step.job.env, ...step.job.pipeline.env].some((each) => each.name === name);
  const value = `\${{ ${text.value.slice(inner.start, inner.end).trim()} }}`;
  const same = step.env.find((each) => each.name === name)?.value?.value === value;
  if (!same && (taken || isNamed(text.value, name))) return undefined;
  const declaration = same ? undefined : declareVariable(step, name, value);
  if (declaration === undefined && !same) return undefined;
  const edit = { ...text.span(use.start, use.end), replacement: use.reads(name) };
  return {
    title: `hand it over as the variable ${name}`,
    safety: 'unsafe',
    edits: declaration === undefined ? [edit] : [declaration, edit],
  };
}
