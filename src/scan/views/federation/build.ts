import type { Pipeline } from '#pipeline/model.ts';
import { formatUnifiedDiff } from '../../fix/unified-diff.ts';
import type { ViewedRepository, ViewInput } from '../../view.ts';
import { type RepositoryIdentity, readIdentity } from './bind/repository-identity.ts';
import { tokensOf } from './bind/platform-tokens.ts';
import { keyOf, patchFile } from './patch/patch-file.ts';
import { bindingOf, planBrokered, planDirect } from './patch/plans.ts';
import { findCredentials } from './recognise/find-credentials.ts';
import { storedNames, type StoredCredential } from './recognise/stored-use.ts';
import type { FederationEntry, FederationResult, Outcome, WrittenFile } from './result.ts';
import { listTrust } from './trust/list-trust.ts';
import { otherSide } from './other-side.ts';
import { resourceName } from './vouchgate/resource.ts';

/** Below the folder that is written to, wherever a repository lies. */
const folderOf = (prefix: string): string => prefix.replace(/^(?:\.{0,2}\/)+/, '');

/** Of one file; nobody writes more, and each is looked at with all others. */
const CREDENTIALS_MAX = 200;
const WAYS = ['direct', 'vouchgate'] as const;

function nameOf({ kind, job }: StoredCredential, environment: string | undefined): string {
  const name = resourceName(`${kind.id}-${environment ?? job.id}`);
  const { platform } = job.pipeline;
  return platform === 'github' ? name : `${name}-${platform}`;
}

interface PatchedPipeline {
  readonly files: WrittenFile[];
  outcome(way: (typeof WAYS)[number], credential: StoredCredential): Outcome;
}

/** Platforms whose files are patched; the others get the other side only. */
const isPatched = ({ platform }: Pipeline): boolean =>
  platform === 'github' || platform === 'gitlab' || tokensOf(platform) !== undefined;

function patchPipeline(pipeline: Pipeline, prefix: string, identity: RepositoryIdentity): PatchedPipeline {
  const { file, source } = pipeline;
  if (!isPatched(pipeline)) {
    const reason = `files of ${pipeline.platform} are not patched`;
    return { files: [], outcome: () => ({ patch: undefined, reason }) };
  }
  const patched = WAYS.map((way) => {
    const plan = way === 'direct' ? planDirect(identity) : planBrokered(identity);
    const { after, reasons } = patchFile(file, source.text, plan);
    const target = `patches/${way}/${folderOf(prefix)}${file}.diff`;
    return { way, reasons, target, text: formatUnifiedDiff(file, source.text, after) };
  });
  return {
    files: patched.filter(({ text }) => text !== '').map(({ target, text }) => ({ file: target, text })),
    outcome: (way, credential) => {
      const found = patched.find((each) => each.way === way);
      const key = keyOf(credential);
      if (found === undefined || !found.reasons.has(key))
        return { patch: undefined, reason: 'there are too many in this file, or the file is too long' };
      const reason = found.reasons.get(key);
      return { patch: reason === undefined ? found.target : undefined, reason };
    },
  };
}

function buildPipeline(pipeline: Pipeline, prefix: string, identity: RepositoryIdentity) {
  const found = findCredentials(pipeline).slice(0, CREDENTIALS_MAX);
  if (found.length === 0) return { found, entries: [], files: [] };
  const patched = patchPipeline(pipeline, prefix, identity);
  const entries = found.map((credential): FederationEntry => {
    const { kind, job, uses } = credential;
    const binding = bindingOf(credential, identity);
    return {
      file: `${prefix}${pipeline.file}`,
      line: uses[0].source.position(uses[0].span.start).line,
      job: job.id,
      kind: kind.id,
      kindName: kind.name,
      secrets: storedNames(credential),
      binding,
      name: nameOf(credential, binding.environment),
      direct: patched.outcome('direct', credential),
      brokered: patched.outcome('vouchgate', credential),
    };
  });
  return { found, entries, files: patched.files };
}

/** What is stored in one repository, and how each leaves. */
export function federateRepository(
  { prefix, scan }: Omit<ViewedRepository, 'root'>,
  identity: RepositoryIdentity,
): FederationResult {
  const built = scan.repository.pipelines.map((pipeline) => buildPipeline(pipeline, prefix, identity));
  const credentials = built.flatMap(({ entries }) => entries);
  const stored = built.flatMap(({ found }) => found);
  return {
    credentials,
    files: [
      ...built.flatMap(({ files }) => files),
      ...otherSide(stored, credentials, identity, folderOf(prefix)),
    ],
    trust: listTrust(scan.repository, prefix),
  };
}

/** What is stored, and how each leaves, over all repositories. */
export function buildFederation({ repositories, inputs }: ViewInput): FederationResult {
  const built = repositories.map((each) =>
    federateRepository(each, readIdentity(each.root, inputs['identity'])),
  );
  return {
    credentials: built.flatMap(({ credentials }) => credentials),
    files: built.flatMap(({ files }) => files),
    trust: built.flatMap(({ trust }) => trust),
  };
}
