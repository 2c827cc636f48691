/**
 * Strict base64url (RFC 4648 §5 without padding, as RFC 7515 §2 wants it); undefined for anything else.
 * Decoding is lenient in Node, so the bytes are encoded again and must give the same text: foreign letters,
 * padding, line breaks and non-zero trailing bits all fail. Without it one signed token would have many
 * spellings, and each spelling would be a new token to a replay check.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
