import { hash } from 'node:crypto';
import type { ScanProblem } from '#findings/finding.ts';
import { FILE_BYTES_MAX, textBytes } from '../../engines/read-bytes.ts';
import { FileScanner } from '../file-scanner.ts';
import { keyedHash } from '../redact.ts';
import { openRuleSet, type ScanFilesOptions } from '../scan-files.ts';
import { weighHits } from '../scan-secrets.ts';
import type { SecretHit } from '../secret-hit.ts';
import { isWanted, isWrittenByHand } from '../wanted-files.ts';
import { BlobCache, type StoredHit } from './blob-cache.ts';
import type { GitCall } from './git-stream.ts';
import { type Introduction, listBlobs, listHeadBlobs } from './list-blobs.ts';
import { readBlobs, readSizes } from './read-blobs.ts';

/** Raised when what is stored would come out differently. */
const CACHE_VERSION = 1;

export interface HistoryRequest extends GitCall {
  /** Absolute root of the repository. */
  readonly root: string;
  /** What `git log` takes; every ref when it is undefined. */
  readonly range: string | undefined;
  readonly options: ScanFilesOptions;
  /** Where results are kept by blob; nowhere when it is undefined. */
  readonly cacheFolder: string | undefined;
  readonly key: Buffer;
}

/** A secret of the history, at the oldest place that has it. */
export interface HistoricSecret {
  readonly hit: StoredHit;
  readonly introduced: Introduction;
  /** Contents that have it. */
  readonly places: number;
  readonly inHead: boolean;
}

export interface HistoryScan {
  readonly secrets: readonly HistoricSecret[];
  readonly problems: readonly ScanProblem[];
  readonly blobs: number;
  readonly blobsSearched: number;
  readonly bytesSearched: number;
}

function toStored(hit: SecretHit, key: Buffer): StoredHit {
  const { ruleId, tier, start, end, matchLine, excerpt, inTest, wrapped, shown, digest, allowed } = hit;
  return {
    ruleId,
    tier,
    start,
    end,
    matchLine,
    excerpt,
    inTest,
    wrapped,
    shown,
    digest,
    hash: keyedHash(key, hit.value),
    ...(allowed === undefined ? {} : { allowed: allowed.justification ?? '' }),
  };
}

/** Searches the blobs that the cache does not know, and tells it. */
class BlobSearch {
  bytes = 0;
  readonly #found: { file: string; blob: string; hits: readonly SecretHit[] }[] = [];
  readonly #scanner: FileScanner;
  readonly #request: HistoryRequest;
  readonly #cache: BlobCache;

  constructor(scanner: FileScanner, request: HistoryRequest, cache: BlobCache) {
    this.#scanner = scanner;
    this.#request = request;
    this.#cache = cache;
  }

  look(blob: string, file: string, bytes: Buffer): void {
    const text = textBytes(bytes);
    this.bytes += bytes.length;
    const all = text === undefined ? [] : this.#scanner.scan(text, file);
    const hits = isWrittenByHand(file) ? all : all.filter(({ tier }) => tier === 'high');
    if (hits.length === 0) this.#cache.set(blob, []);
    else this.#found.push({ file, blob, hits });
  }

  async finish(): Promise<void> {
    const weighed = await weighHits(this.#found.map(({ blob, hits }) => ({ file: blob, hits })));
    const kept = new Map(weighed.map(({ file, hits }) => [file, hits]));
    for (const { blob } of this.#found) {
      this.#cache.set(
        blob,
        (kept.get(blob) ?? []).map((hit) => toStored(hit, this.#request.key)),
      );
    }
    this.#cache.save();
  }
}

/** Equal secrets are one: at the oldest place, and in HEAD when one of its places is. */
function joinSecrets(
  blobs: Iterable<Introduction>,
  cache: BlobCache,
  head: ReadonlySet<string>,
): HistoricSecret[] {
  const joined = new Map<string, HistoricSecret>();
  for (const introduced of blobs) {
    for (const hit of cache.get(introduced.blob) ?? []) {
      const name = `${hit.ruleId} ${hit.hash}`;
      const before = joined.get(name);
      const isOlder = before === undefined || introduced.newerCommits > before.introduced.newerCommits;
      joined.set(name, {
        ...(isOlder ? { hit, introduced } : { hit: before.hit, introduced: before.introduced }),
        places: (before?.places ?? 0) + 1,
        inHead: before?.inHead === true || head.has(introduced.blob),
      });
    }
  }
  return [...joined.values()].sort(
    (left, right) => left.introduced.newerCommits - right.introduced.newerCommits,
  );
}

/**
 * Searches every content that any commit ever brought in, each once. What was searched before is known by its id, so a
 * second run costs what is new.
 * @throws HistoryError when git cannot read the repository.
 */
export async function scanHistory(request: HistoryRequest): Promise<HistoryScan> {
  const { root, options, key, cacheFolder, range } = request;
  const { team, rules } = openRuleSet(root, options);
  const version = [
    CACHE_VERSION,
    keyedHash(key, 'cache'),
    JSON.stringify(options.tier),
    rules.version,
    hash('sha256', JSON.stringify(team.sources), 'hex'),
  ];
  const cache = new BlobCache(cacheFolder, root, version.join(' '));
  const blobs = await listBlobs(request, range, (file) => isWanted(file) && rules.wants(file));
  const left = [...blobs.keys()].filter((blob) => cache.get(blob) === undefined);
  const problems: ScanProblem[] = [];
  const search = new BlobSearch(new FileScanner(rules.compiled, rules.namesOf), request, cache);
  const sizes = await readSizes(request, left);
  const wanted = [...sizes].filter(([, size]) => size <= FILE_BYTES_MAX).map(([blob]) => blob);
  if (sizes.size > wanted.length) {
    const message = `${sizes.size - wanted.length} contents of more than ${FILE_BYTES_MAX / 1_048_576} MB in the history were not searched`;
    problems.push({ file: '.git', line: 1, column: 1, message, partial: true });
  }
  if (left.length > sizes.size) {
    const message = `${left.length - sizes.size} contents of the history are not in this clone, so they were not searched`;
    problems.push({ file: '.git', line: 1, column: 1, message, partial: true });
  }
  await readBlobs(request, wanted, (blob, bytes) => search.look(blob, blobs.get(blob)?.file ?? '', bytes));
  await search.finish();
  const head = await listHeadBlobs(request);
  const secrets = joinSecrets(blobs.values(), cache, head);
  return { secrets, problems, blobs: blobs.size, blobsSearched: wanted.length, bytesSearched: search.bytes };
}
