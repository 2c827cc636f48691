import { z } from 'zod';

/**
 * What a person, or an API token, does to Vouchgate; every route that wants a caller names one, and Cedar decides.
 * `own`: what belongs to the session that asks · `view`: pipelines, findings, decisions, configuration ·
 * `viewRecord`: the audit record and its copies · `triage`: decide about findings · `upload`: bring reports and
 * definitions · `propose`: suggest a change of the configuration · `approve`: let it through · `manageLeases`: end
 * access, freeze · `configure`: secrets, sinks, erasure · `administer`: people, sessions and tokens of others.
 */
export const PersonAction = z.enum([
  'own',
  'view',
  'viewRecord',
  'triage',
  'upload',
  'propose',
  'approve',
  'manageLeases',
  'configure',
  'administer',
]);
export type PersonAction = z.infer<typeof PersonAction>;
