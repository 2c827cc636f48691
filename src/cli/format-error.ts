import { AppError } from '#core/errors.ts';
import { formatParagraph } from './layout.ts';
import { printable } from './output.ts';

/** What went wrong in one line, what to do in another; never a stack. */
export function formatError(error: unknown, format: 'text' | 'json'): string {
  const known = error instanceof AppError;
  const code = known ? error.code : 'internal_error';
  const message = error instanceof Error ? error.message : String(error);
  const remedy = known
    ? error.remedy
    : 'This is a bug in Vouchgate: report it with the command and the output of --version.';
  const location = known ? error.location : undefined;
  if (format === 'json') return `${JSON.stringify({ error: { code, message, location, remedy } })}\n`;
  const where = location === undefined ? '' : ` (${printable(location)})`;
  const advice = remedy === undefined ? '' : formatParagraph('  → ', remedy);
  return `vouchgate: ${printable(message)}${where} [${code}]\n${advice}`;
}
