import { Secret } from '#core/secret.ts';
import { checkIssuer } from './discovery.ts';
import { IssuerError } from './issuer-error.ts';
import { signingKeyAt } from './rotation.ts';
import { createSharedKeys, type SharedKeysOptions } from './shared-keys.ts';
import { createSignatureQueue } from './signature-queue.ts';
import type { PublicJwk, SigningKey } from './signing-key.ts';
import type { SigningAlgorithm, TokenSigner } from './token-signer.ts';

/** `Cache-Control: max-age` of the key set. */
export const JWKS_MAX_AGE_SECONDS = 300;
/** A relying party may hold a key set of this age; another server may need as long to see a new key. */
const PUBLISH_AHEAD_SECONDS = 2 * JWKS_MAX_AGE_SECONDS;

export interface KeyRingOptions extends Omit<SharedKeysOptions, 'schedule'> {
  /** Public URL of this server, exactly as it shall stand in `iss`. */
  issuer: string;
  /** Those that may be used; the first has a key from the start, the others when they are first needed. */
  algorithms: readonly [SigningAlgorithm, ...SigningAlgorithm[]];
  /** How long one key signs; at least 20 minutes. */
  rotationSeconds: number;
  /** How long a key stays published after it signed last: at least the longest lifetime of a token. */
  overlapSeconds: number;
}

/** A JSON Web Key Set (RFC 7517 §5). */
export interface PublicKeySet {
  readonly keys: readonly PublicJwk[];
}

/** The keys that we sign with as an OIDC issuer, shared with the other servers through the store. */
export interface KeyRing extends TokenSigner {
  /** Public keys: the one in use, the next one, and those whose tokens may still be alive. */
  jwks(): PublicKeySet;
  /** Sees what other servers added, adds and retires what is due. Call at start and once a minute. */
  rotateIfDue(): Promise<void>;
  /** Makes sure that there is a key of this algorithm, so that it is published before it is needed. */
  prepare(algorithm: SigningAlgorithm): Promise<void>;
  close(): Promise<void>;
}

function unavailable(algorithm: SigningAlgorithm, algorithms: readonly SigningAlgorithm[]): IssuerError {
  return new IssuerError('signing_algorithm_unavailable', `This issuer does not sign with ${algorithm}.`, {
    remedy: `Use ${algorithms.join(' or ')}.`,
  });
}

/** The claims as JSON with `iss` before them, without a copy of the object. */
function payloadOf(claims: Readonly<Record<string, unknown>>, issuerMember: string): string {
  const json = JSON.stringify(claims);
  return json === '{}' ? `{${issuerMember}}` : `{${issuerMember},${json.slice(1)}`;
}

/** @throws {IssuerError} `issuer_invalid` */
export function createKeyRing(options: KeyRingOptions): KeyRing {
  const { clock, log, issuer, algorithms } = options;
  checkIssuer(issuer);
  const shared = createSharedKeys({
    ...options,
    schedule: {
      rotationMs: Math.max(options.rotationSeconds, 2 * PUBLISH_AHEAD_SECONDS) * 1000,
      publishAheadMs: PUBLISH_AHEAD_SECONDS * 1000,
      overlapMs: options.overlapSeconds * 1000,
    },
  });
  const queue = createSignatureQueue();
  const issuerMember = `"iss":${JSON.stringify(issuer)}`;
  const wanted = new Set<SigningAlgorithm>([algorithms[0]]);
  const inUse = new Map<SigningAlgorithm, { key: SigningKey; untilMs: number }>();
  let keys: readonly SigningKey[] = [];
  let keySet: PublicKeySet = { keys: [] };
  let running: Promise<void> | undefined;
  let closed = false;

  const take = (settled: readonly SigningKey[]) => {
    keys = settled;
    keySet = { keys: settled.map(({ publicJwk }) => publicJwk) };
    inUse.clear();
  };

  const rotate = async () => {
    take(await shared.settle(wanted));
    // Another server may have begun to use an algorithm: its keys are looked after here, too.
    const before = wanted.size;
    for (const { algorithm } of keys) if (algorithms.includes(algorithm)) wanted.add(algorithm);
    if (wanted.size > before) take(await shared.settle(wanted));
    await shared.deliverEvents();
  };

  const rotateIfDue = (): Promise<void> => {
    running ??= rotate().finally(() => {
      running = undefined;
    });
    return running;
  };

  const keyFor = (algorithm: SigningAlgorithm): SigningKey | undefined => {
    const nowMs = clock.nowMs();
    const chosen = inUse.get(algorithm);
    if (chosen !== undefined && nowMs < chosen.untilMs) return chosen.key;
    const usable = algorithms.includes(algorithm) ? keys.filter((key) => key.algorithm === algorithm) : [];
    const found = signingKeyAt(usable, nowMs);
    if (found !== undefined) inUse.set(algorithm, found);
    return found?.key;
  };

  const prepare = async (algorithm: SigningAlgorithm) => {
    if (!algorithms.includes(algorithm)) throw unavailable(algorithm, algorithms);
    wanted.add(algorithm);
    // A run that began before may not have seen that the algorithm is wanted: then one more does.
    for (let attempt = 0; attempt < 2 && keyFor(algorithm) === undefined; attempt += 1) await rotateIfDue();
  };

  const requireKey = async (algorithm: SigningAlgorithm): Promise<SigningKey> => {
    await prepare(algorithm);
    const key = keyFor(algorithm);
    if (key !== undefined) return key;
    throw new IssuerError('signing_key_unavailable', `There is no key to sign with ${algorithm}.`, {
      remedy: 'Look for `signing_key.rejected` in the log.',
    });
  };

  return {
    issuer,
    jwks: () => keySet,
    rotateIfDue,
    prepare,
    async sign(claims, algorithm) {
      if (closed) throw new IssuerError('issuer_closed', 'The server is stopping.');
      if ('iss' in claims) throw new IssuerError('signing_claims_invalid', '`iss` is set by the issuer.');
      const key = keyFor(algorithm) ?? (await requireKey(algorithm));
      const payload = Buffer.from(payloadOf(claims, issuerMember)).toString('base64url');
      return new Secret(await queue.sign(key, key.headerPart + payload));
    },
    async close() {
      closed = true;
      queue.close();
      await running?.catch((error: unknown) => log.warn('signing_keys.rotation_failed', { error }));
    },
  };
}
