import { pathOf } from '#pipeline/expression.ts';
import type { CodeText } from '#pipeline/github/code-inputs.ts';
import type { Step } from '#pipeline/model.ts';
import { type Expression, locateExpression } from '#pipeline/text.ts';
import { asMapping, findEntry } from '#pipeline/yaml/access.ts';
import type { EditDraft, FixDraft } from '../../rule.ts';

type Quoting = 'none' | 'double';

/** How the shell reads the place; undefined where a variable would not be what it looks like. */
function quotingAt(script: string, at: number): Quoting | undefined {
  // What a heredoc or a comment makes of quotes cannot be told from here.
  if (script.includes('<<') || script.includes('`')) return undefined;
  let quoting: Quoting = 'none';
  let single = false;
  for (let index = 0; index < at; index += 1) {
    const char = script.charAt(index);
    if (single) single = char !== "'";
    else if (char === '\\') index += 1;
    else if (char === '"') quoting = quoting === 'double' ? 'none' : 'double';
    else if (char === "'" && quoting === 'none') single = true;
    else if (char === '#' && quoting === 'none' && /^$|\s/.test(script.charAt(index - 1))) {
      const end = script.indexOf('\n', index);
      if (end === -1 || end >= at) return undefined;
      index = end;
    }
  }
  return single ? undefined : quoting;
}

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

function usesPosixShell(step: Step): boolean {
  const shell = step.work.kind === 'script' ? step.work.shell?.value : undefined;
  if (shell !== undefined) return /^(?:ba)?sh\b/.test(shell);
  const labels = step.job.runner?.labels ?? [];
  return labels.length > 0 && labels.every(({ value }) => /^(?:ubuntu|macos)-/.test(value));
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
  const run = findEntry(step.node, 'run');
  if (run === undefined || step.node.flow) return undefined;
  const indent = ' '.repeat(source.position(run.key.start).column - 1);
  const replacement = `env:\n${indent}  ${name}: ${value}\n${indent}`;
  return { start: run.key.start, end: run.key.start, replacement };
}

/** Hands the value to the shell as a variable; only where it is certain how the shell reads the place. */
export function environmentFix(expression: Expression, code: CodeText, step: Step): FixDraft | undefined {
  const { parsed, text, outer, inner } = expression;
  const path = parsed.ok ? pathOf(parsed.root) : undefined;
  const isBlock = text.node.style === 'literal' || (text.node.style === 'plain' && text.node.exact);
  if (path === undefined || code.language !== 'shell' || !isBlock || !usesPosixShell(step)) return undefined;
  const quoting = quotingAt(text.value, outer.start);
  if (quoting === undefined) return undefined;
  const name = variableName(path);
  const taken = [...step.env, ...step.job.env, ...step.job.pipeline.env].some((each) => each.name === name);
  const value = `\${{ ${text.value.slice(inner.start, inner.end).trim()} }}`;
  const same = step.env.find((each) => each.name === name)?.value?.value === value;
  if ((taken && !same) || text.value.includes(`$${name}`) || text.value.includes(`${name}=`)) {
    if (!same) return undefined;
  }
  const declaration = same ? undefined : declareVariable(step, name, value);
  if (declaration === undefined && !same) return undefined;
  const use = {
    ...locateExpression(expression),
    replacement: quoting === 'double' ? `\${${name}}` : `"\${${name}}"`,
  };
  return {
    title: `hand it over as the variable ${name}`,
    safety: 'unsafe',
    edits: declaration === undefined ? [use] : [declaration, use],
  };
}
