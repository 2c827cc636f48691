import { AppError } from '#core/errors.ts';

export type OrganisationErrorCode =
  | 'organisation_unreadable'
  | 'organisation_empty'
  | 'platform_refused'
  | 'platform_unavailable'
  | 'platform_answer_invalid';

/** A scan of an organisation that cannot begin. What goes wrong with one repository is a record, not an error. */
export class OrganisationError extends AppError<OrganisationErrorCode> {}
