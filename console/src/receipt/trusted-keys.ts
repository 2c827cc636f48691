import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { operationQuery } from '../api/queries.ts';
import { parseVerifierKey, type VerifierKey } from './verifier-key.ts';
import type { ReceiptTrust } from './verify-receipt.ts';

const LOG_KEY = 'vouchgate.log.key';
const WITNESS_KEYS = 'vouchgate.log.witnesses';
const WITNESSES_MAX = 20;

/** Where the key comes from. `changed`: the server names another one than the one that was kept here. */
export type KeyOrigin = 'server' | 'pinned' | 'changed';

export interface Trust extends ReceiptTrust {
  readonly from: KeyOrigin;
  /** What the server names, when that is another one. */
  readonly offered: VerifierKey | undefined;
}

async function readTrust(
  pinned: string,
  offered: string,
  witnesses: readonly string[],
): Promise<Trust | undefined> {
  const [kept, named] = await Promise.all([parseVerifierKey(pinned), parseVerifierKey(offered)]);
  const log = kept ?? named;
  if (log === undefined) return undefined;
  const known = (await Promise.all(witnesses.map(parseVerifierKey))).filter((key) => key !== undefined);
  const from = kept === undefined ? 'server' : kept.text === named?.text ? 'pinned' : 'changed';
  return {
    log,
    witnesses: known,
    quorum: known.length,
    from,
    offered: from === 'changed' ? named : undefined,
  };
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string').slice(0, WITNESSES_MAX) : [];
}

/**
 * The keys that receipts are checked with. The first key comes from the server; pinned, it stays in this browser, and a
 * server that names another one is told apart.
 */
export function useTrustedKeys() {
  const [pinned, setPinned, unpin] = useLocalStorage({
    key: LOG_KEY,
    defaultValue: '',
    getInitialValueInEffect: false,
    serialize: (text) => text,
    deserialize: (text) => text ?? '',
  });
  const [witnesses, setWitnesses] = useLocalStorage<unknown>({
    key: WITNESS_KEYS,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const keys = readTexts(witnesses);
  const log = useQuery(operationQuery('getLog', {}));
  const offered = log.data?.verifier_key;
  const trust = useQuery({
    queryKey: ['trusted keys', pinned, offered, keys],
    queryFn: async () => (await readTrust(pinned, offered ?? '', keys)) ?? null,
    enabled: offered !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    error: log.error,
    retry: () => void log.refetch(),
    trust: trust.data ?? undefined,
    pin: (key: VerifierKey) => setPinned(key.text),
    unpin,
    addWitness: (key: VerifierKey) =>
      setWitnesses([...keys.filter((text) => text !== key.text), key.text].slice(-WITNESSES_MAX)),
    removeWitness: (key: VerifierKey) => setWitnesses(keys.filter((text) => text !== key.text)),
  };
}

export type TrustedKeys = ReturnType<typeof useTrustedKeys>;
