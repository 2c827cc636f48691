import { formatVerifierKey } from '#audit/log/note-key.ts';
import { parseTilePath, TILE_WIDTH } from '#audit/log/tile.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';
import { createBundleReceipts } from '#audit/log/bundle-receipts.ts';
import { momentOf, momentOrNull } from './views.ts';

/** C2SP tlog-tiles: a checkpoint changes, a tile never does. */
const CHECKPOINT_CACHE = 'public, max-age=1';
const TILE_CACHE = 'public, max-age=31536000, immutable';
/** A page of another origin may check the log, too. */
const FOR_EVERYBODY = ['Access-Control-Allow-Origin', '*', 'Cross-Origin-Resource-Policy', 'cross-origin'];

/** The log as C2SP tlog-tiles wants it, open to everybody: there is nothing in it but digests. */
export function createLogHandlers({
  transparencyLog: log,
  witness,
  logStanding,
  witnessedCheckpoint,
  clock,
}: Pick<
  ServerDependencies,
  'transparencyLog' | 'witness' | 'logStanding' | 'witnessedCheckpoint' | 'clock'
>): HandlersOf<
  | 'addCheckpoint'
  | 'getLog'
  | 'getLogStatus'
  | 'listBundleReceipts'
  | 'getLogBundle'
  | 'getLogCheckpoint'
  | 'getLogTile'
> {
  const bundleReceipts = createBundleReceipts(log, witnessedCheckpoint);
  return {
    async getLog() {
      const signed = parseSignedCheckpoint((await log.checkpoint()) ?? '');
      const signedAtMs = await log.signedAtMs();
      const { minimumIndex, seconds } = await log.retention();
      return {
        value: {
          origin: log.origin,
          verifier_key: log.verifierKey,
          post_quantum_key: log.postQuantumKey() ?? null,
          witness_key: formatVerifierKey(witness.signer),
          witness_post_quantum_key: witness.postQuantumKey() ?? null,
          size: signed?.checkpoint.size ?? 0,
          minimum_index: minimumIndex,
          retention_seconds: seconds ?? null,
          signed_at: signedAtMs === undefined ? null : momentOf(signedAtMs),
        },
      };
    },
    async getLogStatus() {
      const { origin, verifierKey } = log;
      const standing = await logStanding();
      const { waitingSinceMs } = standing;
      const waitingMs = waitingSinceMs === undefined ? undefined : clock.nowMs() - waitingSinceMs;
      return {
        value: {
          origin,
          verifier_key: verifierKey,
          post_quantum_key: log.postQuantumKey() ?? null,
          size: standing.size,
          root: standing.root ?? null,
          signed_at: momentOrNull(standing.signedAtMs),
          sealed_through: standing.sealedThrough,
          recorded_through: standing.recordedThrough,
          waiting_seconds: waitingMs === undefined ? null : Math.max(0, waitingMs) / 1_000,
          quorum: standing.quorum,
          witnessed_size: standing.witnessedSize ?? null,
          witnesses: standing.witnesses.map(({ cosigned, ...witness }) => ({
            ...witness,
            cosigned_size: cosigned?.size ?? null,
            cosigned_at: momentOrNull(cosigned?.timeMs),
          })),
        },
      };
    },
    async addCheckpoint({ body }) {
      const answer = await witness.addCheckpoint(Buffer.from(body).toString('utf8'));
      if (answer.status === 200) return { value: answer.body };
      if (answer.status === 409)
        return { value: `${answer.size}\n`, as: { status: 409, mediaType: 'text/x.tlog.size' } };
      return { value: answer.body, as: { status: answer.status, mediaType: 'text/plain; charset=utf-8' } };
    },
    async getLogBundle({ params, caller }) {
      const number = /^\d{1,12}$/.test(params.number) ? Number(params.number) : undefined;
      // What 256 events say is of any repository: only for those who see all.
      const mayOpen = number !== undefined && caller.scope.kind === 'all';
      const openings = mayOpen ? await log.openingsOf(number) : undefined;
      if (number === undefined || openings === undefined)
        throw new RequestProblem('not_found', 'The log has no such bundle.');
      return {
        value: {
          openings: openings.map((opening, at) =>
            opening === null ? null : { index: number * TILE_WIDTH + at, ...opening },
          ),
        },
      };
    },
    async listBundleReceipts({ params, caller }) {
      const number = /^\d{1,12}$/.test(params.number) ? Number(params.number) : undefined;
      const mayOpen = number !== undefined && caller.scope.kind === 'all';
      const receipts = mayOpen ? await bundleReceipts(number) : undefined;
      if (receipts === undefined) throw new RequestProblem('not_found', 'The log has no such bundle.');
      return {
        value: {
          receipts: receipts.map((receipt) =>
            receipt === null ? null : { schema: 'vouchgate-receipt/1', ...receipt },
          ),
        },
      };
    },
    async getLogCheckpoint() {
      const checkpoint = await log.checkpoint();
      if (checkpoint === undefined) throw new RequestProblem('not_found', 'The log has no entries yet.');
      return { value: checkpoint, cacheControl: CHECKPOINT_CACHE, headers: FOR_EVERYBODY };
    },
    async getLogTile({ params }) {
      const path = `tile/${params.path}`;
      const bytes = await log.tile(path);
      if (bytes === undefined) throw new RequestProblem('not_found', 'The log has no such tile.');
      const whole = parseTilePath(path)?.width === TILE_WIDTH;
      return { value: bytes, cacheControl: whole ? TILE_CACHE : CHECKPOINT_CACHE, headers: FOR_EVERYBODY };
    },
  };
}
