import type { Denial } from '../client/exchange-answer.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatFacts } from '../facts.ts';
import { formatParagraph } from '../layout.ts';
import { printable } from '../output.ts';

/** The facts that failed, what to do about them, and where the rest can be read. */
export function formatDenialDetails(denial: Denial): string {
  const remedy = denial.remedy === undefined ? '' : formatParagraph('  → ', denial.remedy);
  const story =
    denial.decision === undefined
      ? 'The denial could not even be recorded: tell who runs the server.'
      : `The whole story: vouchgate explain ${denial.decision}`;
  return `${formatFacts(denial.facts, '  ')}${remedy}${formatParagraph('  → ', story)}`;
}

/** A denial as a developer reads it in the log of the job: what, expected against received, what to do. */
export function formatDenial(resource: string, denial: Denial): string {
  const head = `vouchgate: ${printable(resource)}: refused [${printable(denial.reason)}]\n`;
  return `${head}${formatParagraph('  ', denial.message)}${formatDenialDetails(denial)}`;
}

export function formatDenialJson(resource: string, denial: Denial): string {
  const { error, reason, message, decision, facts, remedy, retryable } = denial;
  return `${JSON.stringify({ error: { code: reason, error, message, resource, decision, facts, remedy, retryable } })}\n`;
}

export function exitCodeOfDenial(denial: Denial): number {
  return denial.unavailable ? exitCodes.unavailable : exitCodes.refused;
}
