import { z } from 'zod';
import { AppError } from '#core/errors.ts';

export class DefinitionUploadError extends AppError<'definitions_invalid' | 'definitions_too_large'> {}

/** How definitions are handed in: the body of `POST /v1/inspections`. */
export const DEFINITIONS_SCHEMA = 'vouchgate-definitions/1';
export const DEFINITION_FILES_MAX = 2_000;
export const DEFINITION_CHARS_MAX = 2_000_000;
export const DEFINITIONS_CHARS_MAX = 16_000_000;

/** Relative, with `/`, and inside of the repository. */
const FileName = z
  .string()
  .min(1)
  .max(500)
  // Nothing that reorders or hides a name where people read it.
  .regex(/^[^\p{Cc}\p{Cf}\\]+$/u)
  .refine((name) => name.isWellFormed() && name.split('/').every((part) => !['', '.', '..'].includes(part)));

const DefinitionFile = z.strictObject({ file: FileName, text: z.string().max(DEFINITION_CHARS_MAX) });
export type DefinitionFile = z.infer<typeof DefinitionFile>;

export const DefinitionUpload = z.strictObject({
  schema: z.literal(DEFINITIONS_SCHEMA),
  files: z.array(DefinitionFile).max(DEFINITION_FILES_MAX),
});
export type DefinitionUpload = z.infer<typeof DefinitionUpload>;

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new DefinitionUploadError('definitions_invalid', 'The body is no JSON in UTF-8.', { cause });
  }
}

/** @throws {DefinitionUploadError} */
export function readUpload(bytes: Uint8Array): readonly DefinitionFile[] {
  const parsed = DefinitionUpload.safeParse(parseJson(bytes));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new DefinitionUploadError('definitions_invalid', `The body is not as agreed at "${where}".`);
  }
  const { files } = parsed.data;
  const characters = files.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > DEFINITIONS_CHARS_MAX) {
    const message = `There are more than ${DEFINITIONS_CHARS_MAX} characters of definitions.`;
    throw new DefinitionUploadError('definitions_too_large', message);
  }
  return [...new Map(files.map((each) => [each.file, each])).values()];
}
