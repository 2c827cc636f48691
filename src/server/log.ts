import { formatVerifierKey } from '#audit/log/note-key.ts';
import { parseTilePath, TILE_WIDTH } from '#audit/log/tile.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';
import { momentOf } from './views.ts';

/** C2SP tlog-tiles: a checkpoint changes, a tile never does. */
const CHECKPOINT_CACHE = 'public, max-age=1';
const TILE_CACHE = 'public, max-age=31536000, immutable';
/** A page of another origin may check the log, too. */
const FOR_EVERYBODY = ['Access-Control-Allow-Origin', '*', 'Cross-Origin-Resource-Policy', 'cross-origin'];

/** The log as C2SP tlog-tiles wants it, open to everybody: there is nothing in it but digests. */
export function createLogHandlers({
  transparencyLog: log,
  witness,
}: Pick<ServerDependencies, 'transparencyLog' | 'witness'>): HandlersOf<
  'addCheckpoint' | 'getLog' | 'getLogBundle' | 'getLogCheckpoint' | 'getLogTile'
> {
  return {
    async getLog() {
      const signed = parseSignedCheckpoint((await log.checkpoint()) ?? '');
      const signedAtMs = await log.signedAtMs();
      return {
        value: {
          origin: log.origin,
          verifier_key: log.verifierKey,
          witness_key: formatVerifierKey(witness.signer),
          size: signed?.checkpoint.size ?? 0,
          signed_at: signedAtMs === undefined ? null : momentOf(signedAtMs),
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
    async getLogBundle({ params }) {
      const number = /^\d{1,12}$/.test(params.number) ? Number(params.number) : undefined;
      const openings = number === undefined ? undefined : await log.openingsOf(number);
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
