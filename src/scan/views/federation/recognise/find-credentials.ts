import type { Pipeline } from '#pipeline/model.ts';
import { findInWorkflow } from './github.ts';
import { findInGitlab } from './gitlab.ts';
import type { StoredCredential } from './stored-use.ts';
import { findInSurface } from './surface.ts';

/** Every stored credential that one definition uses. */
export function findCredentials(pipeline: Pipeline): StoredCredential[] {
  if (pipeline.platform === 'gitlab') return findInGitlab(pipeline);
  if (pipeline.platform !== 'github') return findInSurface(pipeline);
  return pipeline.kind === 'workflow' ? findInWorkflow(pipeline) : [];
}
