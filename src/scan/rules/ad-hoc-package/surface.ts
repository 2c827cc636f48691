import type { Repository } from '#pipeline/repository.ts';
import { sharedScripts } from '../../shared/surface-jobs.ts';
import { findInstallations } from './find-installation.ts';
import type { PlacedInstallation } from './gitlab.ts';

/** The same in scripts of the other platforms, each once however many jobs run it. */
export function findOnSurfaces(repository: Repository): PlacedInstallation[] {
  return sharedScripts(repository).flatMap(({ script }) =>
    findInstallations(script).map((installation) => ({ ...installation, text: script.text })),
  );
}
