import type { Clause } from '../engine/compiled-policy.ts';
import { childrenOf, type Expression } from './expression.ts';

/** Whether a condition can depend on `context.posture`; when in doubt it does. */
export function readsPosture(clauses: readonly Clause[]): boolean {
  return clauses.some(({ body }) => reads(body));
}

function reads(expression: Expression): boolean {
  // Only cedar-wasm knows what stands in there, or the context is used as a whole.
  if (expression.kind === 'unsupported') return true;
  if (expression.kind === 'variable') return expression.name === 'context';
  if (expression.kind === 'attribute' && isContext(expression.of)) return expression.name === 'posture';
  if (expression.kind === 'has' && isContext(expression.of)) return expression.path[0] === 'posture';
  return childrenOf(expression).some(reads);
}

function isContext(expression: Expression): boolean {
  return expression.kind === 'variable' && expression.name === 'context';
}
