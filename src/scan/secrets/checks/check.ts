import { isAccessKeyOfAws } from './aws.ts';
import { hasCrc32Suffix } from './crc32-suffix.ts';
import { isDiscordToken } from './discord.ts';
import { isJsonWebToken } from './json-web-token.ts';
import { isPrivateKey } from './private-key.ts';

export type CheckName = 'aws-key' | 'crc32-suffix' | 'discord' | 'json-web-token' | 'private-key';

/**
 * What a value has to be besides its form. `refuted` leaves it to the generic tier instead of dropping it: an issuer may
 * change its recipe before we hear of it.
 */
export type Verdict = 'holds' | 'refuted' | 'impossible';

export const checks: Readonly<Record<CheckName, (value: string) => Verdict>> = {
  'aws-key': isAccessKeyOfAws,
  'crc32-suffix': hasCrc32Suffix,
  discord: isDiscordToken,
  'json-web-token': isJsonWebToken,
  'private-key': isPrivateKey,
};
