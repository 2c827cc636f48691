import type { Pipeline, Platform } from '#pipeline/model.ts';
import { findInWorkflow } from './github.ts';
import { findInGitlab } from './gitlab.ts';
import { findInJenkins } from './jenkins.ts';
import { findInScripted } from './scripted.ts';
import type { StoredCredential } from './stored-use.ts';
import { findInSurface } from './surface.ts';

const SCRIPTED: ReadonlySet<Platform> = new Set(['circleci', 'bitbucket', 'azure']);

/** Every stored credential that one definition uses. */
export function findCredentials(pipeline: Pipeline): StoredCredential[] {
  if (pipeline.platform === 'gitlab') return findInGitlab(pipeline);
  if (SCRIPTED.has(pipeline.platform)) return findInScripted(pipeline);
  if (pipeline.platform === 'jenkins') return findInJenkins(pipeline);
  if (pipeline.platform !== 'github') return findInSurface(pipeline);
  return pipeline.kind === 'workflow' ? findInWorkflow(pipeline) : [];
}
