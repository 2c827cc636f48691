import { lstatSync, opendirSync } from 'node:fs';
import path from 'node:path';
import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { Job } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Repository } from '#pipeline/repository.ts';
import { SourceText } from '#pipeline/source.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { readOwnFile } from '../../../read-own-file.ts';
import { readHcl } from './hcl.ts';
import { type FoundTrust, judgeBlock, type Openness } from './judge.ts';

const FILES_MAX = 500;
const ENTRIES_MAX = 100_000;
const DEPTH_MAX = 12;
const SKIPPED = new Set(['.git', 'node_modules', 'vendor', '.terraform', '.venv', '.cache']);

/** Files of Terraform below a folder, by name, as far as the limits go; links are not followed. */
function findFiles(root: string): string[] {
  const found: string[] = [];
  let entries = 0;
  const visit = (relative: string, depth: number): void => {
    if (depth > DEPTH_MAX || found.length >= FILES_MAX || entries > ENTRIES_MAX) return;
    const folders: string[] = [];
    try {
      using directory = opendirSync(path.join(root, relative));
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        entries += 1;
        if (entries > ENTRIES_MAX || found.length >= FILES_MAX) return;
        const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
        if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(name);
        else if (entry.isFile() && entry.name.endsWith('.tf')) found.push(name);
      }
    } catch {
      // A folder that cannot be read says nothing about trust.
      return;
    }
    for (const folder of folders.sort()) visit(folder, depth + 1);
  };
  if (root !== '' && lstatSync(root, { throwIfNoEntry: false })?.isDirectory() === true) visit('', 0);
  return found.sort();
}

export function asksForIdentity(job: Job): boolean {
  if (isGitlabPipeline(job.pipeline))
    return job.pipeline.jobs.some((each) => each === job && each.identityTokens.length > 0);
  return job.pipeline.platform === 'github' && effectivePermissions(job).access('id-token') === 'write';
}

/** Which events give a subject that such a trust accepts. */
function fits(openness: Openness, event: string): boolean {
  if (openness === 'exact' || openness === 'unknown') return false;
  return openness === 'pull-request' ? event === 'pull_request' : true;
}

/** `deploy (deploy.yml) on pull_request_target, by anyone`. */
function describeReach(job: Job, openness: Openness): string[] {
  return job.pipeline.triggers
    .filter(({ event }) => fits(openness, event))
    .map(({ event, firedBy, authority }) => {
      // A fork gets no identity token for its pull request; a branch of the repository does.
      const isOutside = isOutsider(firedBy) && authority === 'full';
      return `${isOutside ? 'outsiders: ' : ''}\`${job.id}\` (${path.posix.basename(job.pipeline.file)}) on \`${event}\``;
    });
}

function reachedBy(repository: Repository, openness: Openness): string[] {
  const jobs = repository.pipelines.flatMap((pipeline) => pipeline.jobs).filter(asksForIdentity);
  const all = [...new Set(jobs.flatMap((job) => describeReach(job, openness)))];
  return all.toSorted(
    (left, right) => Number(right.startsWith('outsiders')) - Number(left.startsWith('outsiders')),
  );
}

function readText(file: string): string | undefined {
  try {
    return readOwnFile(file);
  } catch {
    return undefined;
  }
}

function judgeFile(file: string, text: string, repository: Repository): FoundTrust[] {
  // Most files of Terraform say nothing about identities.
  if (!/token\.actions\.githubusercontent|gitlab/i.test(text)) return [];
  const source = new SourceText(file, text);
  return readHcl(text).flatMap((block): FoundTrust[] => {
    const judged = judgeBlock(block);
    if (judged === undefined) return [];
    const { line } = source.position(block.at);
    const name = block.labels.slice(0, 2).join('.').slice(0, 120);
    return [{ file, line, name, ...judged, reachedBy: reachedBy(repository, judged.openness) }];
  });
}

/** Who may take the roles of a repository's own Terraform, and which of its jobs can. */
export function findTerraformTrust(
  root: string,
  prefix: string,
  repository: Repository,
  needsIdentity: boolean,
): FoundTrust[] {
  const usesIdentity = repository.pipelines.some(({ jobs }) => jobs.some(asksForIdentity));
  if (!usesIdentity && !needsIdentity) return [];
  return findFiles(root).flatMap((file) => {
    const text = readText(path.join(root, file));
    const found = text === undefined ? [] : judgeFile(file, text, repository);
    return found.map((each) => ({ ...each, file: `${prefix}${each.file}` }));
  });
}
