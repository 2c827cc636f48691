import type { Denial } from '../client/exchange-answer.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTable, printable } from '../output.ts';

/** A denial as a developer reads it in the log of the job: what, expected against received, what to do. */
export function formatDenial(resource: string, denial: Denial): string {
  const head = `vouchgate: ${printable(resource)}: refused: ${printable(denial.message)} [${printable(denial.reason)}]\n`;
  const facts =
    denial.facts.length === 0
      ? ''
      : formatTable(
          ['fact', 'expected', 'received'],
          denial.facts.map(({ name, expected, received }) => [name, expected, received ?? '(absent)']),
        )
          .replace(/^/gmu, '    ')
          .trimEnd();
  const remedy = denial.remedy === undefined ? '' : `  → ${printable(denial.remedy)}\n`;
  const story =
    denial.decision === undefined
      ? '  → The denial could not even be recorded: tell who runs the server.\n'
      : `  → The whole story: vouchgate explain ${printable(denial.decision)}\n`;
  return `${head}${facts}${facts === '' ? '' : '\n'}${remedy}${story}`;
}

export function formatDenialJson(resource: string, denial: Denial): string {
  const { error, reason, message, decision, facts, remedy, retryable } = denial;
  return `${JSON.stringify({ error: { code: reason, error, message, resource, decision, facts, remedy, retryable } })}\n`;
}

export function exitCodeOfDenial(denial: Denial): number {
  return denial.unavailable ? exitCodes.unavailable : exitCodes.refused;
}
