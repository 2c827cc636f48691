import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';
import type { StoreUse } from '#pipeline/surface.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';
import {
  nameJob,
  scriptsOf,
  surfaceJobs,
  type SurfaceJob,
  type SurfaceScript,
} from '../../shared/surface-jobs.ts';
import { isCredentialName } from '../../shared/surface-credentials.ts';
import type { Candidate } from '../../shared/surface-report.ts';
import { isCovered, WRITES } from './paths.ts';

interface Written {
  readonly file: string;
  readonly secret: string;
  readonly span: Span;
}

function writtenIn({ script, surface }: SurfaceScript): Written[] {
  if (!/>|\btee\b/.test(script.text.value)) return [];
  const stored = new Set(
    surface.credentials.filter(({ kind }) => kind === 'secret').map(({ name, variable = name }) => variable),
  );
  return shellLinesOf(script.text).flatMap(({ code, locate }) => {
    const file = WRITES.exec(code)?.[1];
    if (file === undefined || /^[/~$&]/.test(file)) return [];
    const names = [...code.matchAll(/\$[{(]?([A-Za-z_]\w{0,99})/g)].map(([, name]) => name ?? '');
    const secret = names.find((name) => stored.has(name) || isCredentialName(name));
    const span = locate(code.length - code.trimStart().length, code.trimEnd().length);
    return secret === undefined ? [] : [{ file, secret, span }];
  });
}

/** `**` and a folder take along what is in them. */
function findKeeper(file: string, stores: readonly StoreUse[]): StoreUse | undefined {
  return stores.find(({ access, paths }) => {
    if (access === 'read') return false;
    return paths.some((path) => /^(?:\.\/?|\*\*?(?:\/\*)?)$/.test(path) || isCovered(file, path));
  });
}

function findIn(at: SurfaceJob): Candidate[] {
  const { artifacts } = at.surface;
  if (artifacts.length === 0) return [];
  return scriptsOf(at).flatMap((script) =>
    writtenIn(script).flatMap(({ file, secret, span }) => {
      const keeper = findKeeper(file, artifacts);
      if (keeper === undefined) return [];
      const report = {
        message: `${secret.slice(0, 50)} is written to ${file.slice(0, 50)} in ${nameJob(at.job)}, and an artifact takes the file along`,
        confidence: 'medium',
        remedy: `Write ${secret.slice(0, 50)} to a temporary folder outside of the working copy, or leave ${file.slice(0, 50)} out of what is kept.`,
        related: [{ at: keeper.span, source: keeper.source, label: 'what is kept' }],
      } as const;
      return [{ source: script.script.text.source, span, report }];
    }),
  );
}

export function findOnSurfaces(repository: Repository): Candidate[] {
  return surfaceJobs(repository).flatMap(findIn);
}
