import { hash } from 'node:crypto';
import type { RepositoryScan } from '#scan/scan-repository.ts';
import { identityOfName } from '#scan/views/federation/bind/repository-identity.ts';
import { describeBinding } from '#scan/views/federation/bind/subjects.ts';
import { federateRepository } from '#scan/views/federation/build.ts';
import type { FederationEntry, Outcome } from '#scan/views/federation/result.ts';
import type { FederationWay, StaticCredential } from './inspected-repository.ts';
import { shorten, showPatch, showText } from './show-text.ts';

const CREDENTIALS_MAX = 500;
const WORDS_MAX = 20;
const PATCH_CHARS_MAX = 60_000;
const FILES_MAX = 5;
const FILE_CHARS_MAX = 20_000;
const NO_PATCH = 'the patch is too long, or a secret stands beside it: make it where the files are';

type Written = ReadonlyMap<string, string>;

function describeWay({ patch: file, reason }: Outcome, written: Written): Omit<FederationWay, 'files'> {
  const text = file === undefined ? undefined : written.get(file);
  if (text === undefined) return { patch: undefined, reason: shorten(reason ?? NO_PATCH) };
  const patch = text.length > PATCH_CHARS_MAX ? undefined : showPatch(text);
  return { patch, reason: patch === undefined ? NO_PATCH : undefined };
}

function pick(written: Written, isMeant: (file: string) => boolean): FederationWay['files'] {
  return [...written]
    .filter(([file, text]) => isMeant(file) && text.length <= FILE_CHARS_MAX)
    .slice(0, FILES_MAX)
    .map(([file, text]) => ({ file, text: showText(text) }));
}

const POLICY = /^vouchgate\/policies\/(.+)\.cedar$/;

/** Resources are named in the patch that asks for them. */
function asksFor(patch: string, resource: string): boolean {
  return patch.split(/[^\w.-]+/).includes(resource);
}

function brokeredFiles(patch: string | undefined, written: Written): FederationWay['files'] {
  if (patch === undefined) return [];
  const policies = pick(written, (file) => {
    const resource = POLICY.exec(file)?.[1];
    return resource !== undefined && asksFor(patch, resource);
  });
  if (policies.length === 0) return [];
  return [...pick(written, (file) => file === 'vouchgate/vouchgate.yaml'), ...policies];
}

function idOf({ file, job, kind, secrets, name }: FederationEntry): string {
  return hash('sha256', JSON.stringify([file, job, kind, secrets, name])).slice(0, 32);
}

function describeCredential(entry: FederationEntry, written: Written): StaticCredential {
  const { file, line, job, kind, kindName, secrets, name, binding, direct, brokered } = entry;
  const brokeredWay = describeWay(brokered, written);
  return {
    id: idOf(entry),
    pipeline: file,
    line,
    job: shorten(job, 120),
    kind,
    kindName,
    secrets: secrets.slice(0, WORDS_MAX).map((each) => shorten(each, 120)),
    name: shorten(name, 120),
    boundTo: shorten(describeBinding(binding)),
    warnings: binding.warnings.slice(0, WORDS_MAX).map((each) => shorten(each)),
    direct: {
      ...describeWay(direct, written),
      files: pick(written, (each) => each === `terraform/${name}.tf`),
    },
    brokered: { ...brokeredWay, files: brokeredFiles(brokeredWay.patch, written) },
  };
}

/** Stored values that jobs use, with the patch that puts the job's own identity in their place. */
export function findCredentials(
  scan: RepositoryScan,
  repository: string,
  branch: string | undefined,
): StaticCredential[] {
  const { credentials, files } = federateRepository({ prefix: '', scan }, identityOfName(repository, branch));
  const written = new Map(files.map(({ file, text }) => [file, text]));
  const described = credentials.slice(0, CREDENTIALS_MAX).map((each) => describeCredential(each, written));
  return [...new Map(described.map((each) => [each.id, each])).values()];
}
