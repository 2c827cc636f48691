import type { HolderFilter, SignedIn } from '#people/ports.ts';
import {
  readChoice,
  readJsonText,
  readOptionalText,
  readText,
  type SqlValue,
  textOrNull,
} from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

/** Columns that sessions and API tokens share, in the order of {@link signedInValues}. */
export const SIGNED_IN_COLUMNS = 'subject, name, signed_in_by, issuer, group_names';

export function signedInValues(person: SignedIn): SqlValue[] {
  return [
    toStoredText(person.subject),
    textOrNull(person.name),
    person.signedInBy,
    textOrNull(person.issuer),
    toStoredText(JSON.stringify(person.groups)),
  ];
}

export function signedInFromRow(row: readonly SqlValue[]): SignedIn {
  return {
    subject: readText(row[0]),
    name: readOptionalText(row[1]),
    signedInBy: readChoice(row[2], ['link', 'oidc']),
    issuer: readOptionalText(row[3]),
    groups: readTexts(readText(row[4])),
  };
}

/** A list of texts that we wrote as JSON ourselves. */
export function readTexts(json: SqlValue): string[] {
  const values: unknown = JSON.parse(readJsonText(json));
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

/** A condition for the rows of a person, or of everybody. Who has no issuer came by the admin link. */
export function holderCondition({ subject, issuer }: HolderFilter): { sql: string; values: SqlValue[] } {
  if (subject === undefined) return { sql: '1 = 1', values: [] };
  return {
    sql: "subject = ? AND COALESCE(issuer, '') = ?",
    values: [toStoredText(subject), toStoredText(issuer ?? '')],
  };
}

export function isHeldBy(person: SignedIn, { subject, issuer }: HolderFilter = {}): boolean {
  return subject === undefined || (person.subject === subject && person.issuer === issuer);
}
