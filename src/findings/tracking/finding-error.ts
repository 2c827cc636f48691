import { AppError } from '#core/errors.ts';

export type FindingErrorCode = 'repository_invalid' | 'finding_unknown' | 'findings_busy' | 'triage_invalid';

/** A request about findings that cannot be met. Nothing was stored. */
export class FindingError extends AppError<FindingErrorCode> {}
