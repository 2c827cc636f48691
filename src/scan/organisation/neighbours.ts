import { recognisePath, readDefinitions } from '#pipeline/read-file.ts';
import type { Neighbour } from '#pipeline/repository.ts';
import { SourceText } from '#pipeline/source.ts';
import { readInside } from '../read-inside.ts';
import { type GitRunner, readBlobs } from './git-objects.ts';
import type { RepositoryPlace } from './record.ts';

/** Files of another repository that are read along with one: what it calls, or what calls it. */
export interface NeighbourRequest {
  readonly address: string;
  readonly place: RepositoryPlace;
  readonly files: readonly string[];
}

const BYTES_MAX = 1_048_576;

async function readTexts(
  { place, files }: NeighbourRequest,
  git: GitRunner,
): Promise<readonly (string | undefined)[]> {
  const safe = files.map((file) => (/[\0\n]/.test(file) ? '' : file));
  if (place.kind === 'work-tree') return safe.map((file) => readInside(place.folder, file, BYTES_MAX));
  if (place.kind === 'missing') return [];
  const blobs = await readBlobs(
    place.gitFolder,
    safe.map((file) => `HEAD:${file}`),
    git,
    BYTES_MAX,
  );
  return blobs.map((blob) => ('text' in blob ? blob.text : undefined));
}

/** Reads what is there; file names begin with the address of their repository. */
export async function readNeighbours(
  requests: readonly NeighbourRequest[],
  git: GitRunner,
): Promise<Neighbour[]> {
  const neighbours: Neighbour[] = [];
  for (const request of requests) {
    const texts = await readTexts(request, git).catch(() => []);
    const files = request.files.flatMap((file, index) => {
      const text = texts[index];
      const known = recognisePath(file);
      return text === undefined || known === undefined
        ? []
        : [readDefinitions(new SourceText(`${request.address}/${file}`, text), known)];
    });
    if (files.length > 0) neighbours.push({ address: request.address, files });
  }
  return neighbours;
}
