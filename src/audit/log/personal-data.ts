/** What stands in an event in the place of something personal, in the part of it that is kept for ever. */
export const PERSONAL = '[personal]';

/** Names of fields whose value says which person it was, or where a person sat. */
export const PERSONAL_NAMES: readonly string[] = [
  'sourceIp',
  'actor_id',
  'actor',
  'email',
  'login',
  'preferred_username',
  'user_access_level',
  'user_email',
  'user_id',
  'user_identities',
  'user_login',
  'user_name',
  'username',
  'build_creator_email',
  'build_creator_name',
  'build_creator_id',
  'triggered_by',
];
/** The names by which facts speak of the same things: `principal.actor.login`, `context.sourceIp`. */
const PERSONAL_FACT =
  /(?:^|[.\s"'`])(?:actor|actor_id|user_\w+|email|login|sourceIp|preferred_username)(?:$|[.\s"'`])/;

/**
 * Of a fact `{ name, expected, received }`: whether it is about a person. What was received is personal then, and what
 * was expected, too.
 */
export function isFactAboutPerson(name: string): boolean {
  return PERSONAL_FACT.test(name);
}
