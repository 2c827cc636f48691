import type { Text } from '../text.ts';
import { resolveName } from './agents.ts';
import { composeText, type ComposedText } from './compose-text.ts';
import { textAt } from './nodes.ts';
import { privilegesOfScript } from './privileges.ts';
import type { JobDraft, Scope } from './scope.ts';
import { traceValue } from './trace-value.ts';
import { argumentOf, type Call, constantOf, firstArgument, pathOfExpression } from './tree.ts';

/** Steps that hand text to a shell, with the word that other rules know the shell by. */
const SHELLS: Readonly<Record<string, string>> = {
  sh: 'sh',
  bat: 'cmd',
  powershell: 'powershell',
  pwsh: 'pwsh',
};

const STEPS_MAX = 3000;

export function isScript(name: string): boolean {
  return Object.hasOwn(SHELLS, name);
}

function addInsertions({ text, inserted }: ComposedText, scope: Scope, draft: JobDraft): void {
  for (const { expression, outer } of inserted) {
    const variable = (pathOfExpression(expression) ?? '').replace(/^(?:env|params)\./, '');
    const credential = scope.bound.get(variable);
    if (credential !== undefined) {
      draft.credentialInsertions.push({ text, ...outer, variable, credential });
      continue;
    }
    if (scope.checked.has(variable)) continue;
    const traced = traceValue(expression, scope.reading);
    if (traced === undefined) continue;
    draft.insertions.push({ ...traced.value, text, ...outer, into: 'script', hops: traced.hops });
  }
}

/** `sh "…"`: what the shell gets, and what Groovy wrote into it before. */
export function addScript(name: string, call: Call, scope: Scope, draft: JobDraft): void {
  const argument = argumentOf(call.entries, 'script') ?? firstArgument(call.entries);
  if (argument === undefined || draft.steps.length >= STEPS_MAX) return;
  const { unit } = scope.reading;
  const composed = composeText(resolveName(argument, unit), unit.source);
  draft.budget.scriptCharacters -= composed.text.value.length;
  if (draft.budget.scriptCharacters < 0) return;
  draft.takeFrom(scope);
  draft.steps.push({
    span: call,
    text: composed.text,
    shell: textAt(unit.source, call.nameSpan, SHELLS[name]),
    env: scope.env,
    name: labelOf(call, scope),
  });
  for (const each of privilegesOfScript(composed.text)) {
    draft.privileges.set(`${each.kind} ${each.span.start}`, each);
  }
  addInsertions(composed, scope, draft);
}

function labelOf({ entries }: Call, { reading }: Scope): Text | undefined {
  const label = argumentOf(entries, 'label');
  const value = constantOf(label);
  return label === undefined || value === undefined ? undefined : textAt(reading.unit.source, label, value);
}

/** Code that the controller takes as Groovy, with the rights of the pipeline. */
export function addLoadedCode(call: Call, what: string, scope: Scope, draft: JobDraft): void {
  const { unit } = scope.reading;
  draft.takeFrom(scope);
  const argument = firstArgument(call.entries);
  if (argument === undefined) return;
  const composed = composeText(argument, unit.source);
  addInsertions(composed, scope, draft);
  draft.loadedCode.push({ what, source: unit.source, span: call });
}
