import { z } from 'zod';
import { Moment } from './parameters.ts';

/** Secrets that people and jobs hold have a prefix of their own, so that secret scanners can tell a leak. */
export const SESSION_TOKEN_PREFIX = 'vgs_';
export const ADMIN_LINK_PREFIX = 'vgl_';
export const LEASE_TOKEN_PREFIX = 'vgt_';
/** Path of the page that an admin link opens; the secret is in the fragment, which browsers do not send. */
export const ADMIN_LINK_PATH = '/admin';
export const ADMIN_LINK_FRAGMENT = '#link=';

export const SessionRequest = z.strictObject({
  link: z.string().min(1).max(2_048).describe('The admin link, or only its `vgl_…` part.'),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

export const Session = z.object({
  token: z.string().describe('Secret: `Authorization: Bearer vgs_…`.'),
  expiresAt: Moment,
  subject: z.string(),
  role: z.enum(['owner']),
});
export type Session = z.infer<typeof Session>;
