import type { Verdict } from './check.ts';

/** Its first part is the number of the bot in base64: 17 to 20 digits. */
export function isDiscordToken(value: string): Verdict {
  const [first = ''] = value.split('.');
  return /^\d{17,20}$/.test(Buffer.from(first, 'base64url').toString('latin1')) ? 'holds' : 'impossible';
}
