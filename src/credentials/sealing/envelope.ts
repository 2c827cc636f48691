import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { Secret } from '#core/secret.ts';
import { type DerivedKey, deriveSubkeys, type MasterKeys } from './master-keys.ts';
import { SealingError } from './sealing-error.ts';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const DATA_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_KEY_BYTES = NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES;
export const PLAINTEXT_BYTES_MAX = 65_536;
const SEALED_CHARS_MAX = 90_000;
const CONTEXT = /^[\x21-\x7e]{1,512}$/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/**
 * Envelope encryption of values at rest. Each value has a random key of its own (AES-256-GCM, NIST SP 800-38D),
 * which is wrapped by a key derived from the master key; the text is `v1.<master key id>.<wrapped key>.<value>`.
 * `context` names the place where the value belongs (`signing-key/<id>`): it is authenticated with the value, so
 * that someone who can write to the store cannot move a sealed value to another row.
 */
export interface Sealer {
  readonly masterKeyId: string;
  seal(plaintext: Secret, context: string): string;
  open(sealed: string, context: string): Secret;
  /** The same value wrapped by the master key in use; the text itself when it already is. */
  reseal(sealed: string, context: string): string;
}

interface Envelope {
  masterKeyId: string;
  wrappedKey: Buffer;
  body: Buffer;
}

function encrypt(key: KeyObject | Buffer, plaintext: Buffer, authenticated: string): Buffer {
  // A random nonce is safe for 2^32 values under one key (SP 800-38D §8.3): far beyond what is ever sealed.
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(authenticated));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: KeyObject | Buffer, sealed: Buffer, authenticated: string): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(authenticated));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new SealingError(
      'sealed_not_authentic',
      'A sealed value was changed, or belongs to another place than the one it was read from.',
      { cause, remedy: 'Restore the store from a backup and find out who can write to it.' },
    );
  }
}

function malformed(): SealingError {
  return new SealingError('sealed_malformed', 'A sealed value is not of the form that was written.', {
    remedy: 'Restore the store from a backup.',
  });
}

function decode(part: string | undefined, bytesMin: number): Buffer {
  if (part === undefined || !BASE64URL.test(part)) throw malformed();
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.length < bytesMin || bytes.toString('base64url') !== part) throw malformed();
  return bytes;
}

function parse(sealed: string): Envelope {
  if (sealed.length > SEALED_CHARS_MAX) throw malformed();
  const [version, masterKeyId, wrappedKey, body, ...rest] = sealed.split('.');
  if (version !== VERSION && /^v\d+$/.test(version ?? '')) {
    throw new SealingError('sealed_version_unknown', 'A value was sealed by a newer version of Vouchgate.', {
      remedy: 'Start the version that wrote it, or a newer one.',
    });
  }
  if (version !== VERSION || masterKeyId === undefined || rest.length > 0) throw malformed();
  const envelope = {
    masterKeyId,
    wrappedKey: decode(wrappedKey, WRAPPED_KEY_BYTES),
    body: decode(body, NONCE_BYTES + TAG_BYTES),
  };
  if (envelope.wrappedKey.length !== WRAPPED_KEY_BYTES) throw malformed();
  return envelope;
}

function checkContext(context: string): void {
  if (!CONTEXT.test(context)) {
    throw new SealingError('sealing_context_invalid', 'A context has 1 to 512 printable ASCII characters.');
  }
}

function encodePlaintext(plaintext: Secret): Buffer {
  const text = plaintext.reveal();
  // A lone surrogate would come back as another character.
  if (!text.isWellFormed()) throw new SealingError('sealing_value_invalid', 'The value is not valid text.');
  const bytes = Buffer.from(text);
  if (bytes.length > PLAINTEXT_BYTES_MAX) {
    throw new SealingError('sealing_value_invalid', `The value is longer than ${PLAINTEXT_BYTES_MAX} bytes.`);
  }
  return bytes;
}

// The wrapping names the master key, the body does not: a new master key re-wraps the data key only.
const wrapContext = (masterKeyId: string, context: string) => `${VERSION}.${masterKeyId}.key:${context}`;
const bodyContext = (context: string) => `${VERSION}.value:${context}`;

/** @throws {SealingError} `master_key_invalid` when a key does not have 32 bytes. */
export function createSealer(masterKeys: MasterKeys): Sealer {
  const { current, previous } = deriveSubkeys(masterKeys, 'envelope');
  const keys = new Map<string, DerivedKey>([...previous, current].map((key) => [key.masterKeyId, key]));

  const wrap = (dataKey: Buffer, context: string) =>
    encrypt(current.key, dataKey, wrapContext(current.masterKeyId, context)).toString('base64url');

  const unwrap = (envelope: Envelope, context: string): Buffer => {
    const key = keys.get(envelope.masterKeyId);
    if (key !== undefined) {
      return decrypt(key.key, envelope.wrappedKey, wrapContext(key.masterKeyId, context));
    }
    throw new SealingError(
      'sealed_key_unknown',
      'A value was sealed under a master key that this server does not have.',
      { remedy: 'Start with the master key that sealed it, as the current or as a previous one.' },
    );
  };

  return {
    masterKeyId: current.masterKeyId,
    seal(plaintext, context) {
      checkContext(context);
      const bytes = encodePlaintext(plaintext);
      const dataKey = randomBytes(DATA_KEY_BYTES);
      const body = encrypt(dataKey, bytes, bodyContext(context)).toString('base64url');
      return `${VERSION}.${current.masterKeyId}.${wrap(dataKey, context)}.${body}`;
    },
    open(sealed, context) {
      checkContext(context);
      const envelope = parse(sealed);
      return new Secret(
        decrypt(unwrap(envelope, context), envelope.body, bodyContext(context)).toString('utf8'),
      );
    },
    reseal(sealed, context) {
      checkContext(context);
      const envelope = parse(sealed);
      const dataKey = unwrap(envelope, context);
      decrypt(dataKey, envelope.body, bodyContext(context));
      if (envelope.masterKeyId === current.masterKeyId) return sealed;
      const body = envelope.body.toString('base64url');
      return `${VERSION}.${current.masterKeyId}.${wrap(dataKey, context)}.${body}`;
    },
  };
}
