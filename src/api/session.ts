import { z } from 'zod';
import { Moment } from './parameters.ts';

/** Secrets that people and jobs hold have a prefix of their own, so that secret scanners can tell a leak. */
export const SESSION_TOKEN_PREFIX = 'vgs_';
export const ADMIN_LINK_PREFIX = 'vgl_';
export const LEASE_TOKEN_PREFIX = 'vgt_';
export const API_TOKEN_PREFIX = 'vga_';
/** Browsers hold their session in a cookie; every request of theirs that changes something carries this field. */
export const CONSOLE_REQUEST_HEADER = 'vouchgate-request';
/** Path of the page that an admin link opens; the secret is in the fragment, which browsers do not send. */
export const ADMIN_LINK_PATH = '/admin';
export const ADMIN_LINK_FRAGMENT = '#link=';

export const SessionRequest = z.strictObject({
  link: z.string().min(1).max(2_048).describe('The admin link, or only its `vgl_…` part.'),
  cookie: z
    .boolean()
    .default(false)
    .describe('For browsers: the session becomes a cookie that no script can read, and `token` is null.'),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

export const Session = z.object({
  token: z
    .string()
    .nullable()
    .describe('Secret: `Authorization: Bearer vgs_…`. Null where the session is a cookie.'),
  expiresAt: Moment,
  subject: z.string(),
  role: z.enum(['owner']),
});
export type Session = z.infer<typeof Session>;
