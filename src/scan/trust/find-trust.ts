import path from 'node:path';
import { memoize } from '#pipeline/memoize.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { FoundTrust } from './found-trust.ts';
import { isWider, widest } from './openness.ts';
import { readPolicies } from './read-policies.ts';
import { readHcl } from './hcl.ts';
import { localsOf, type TerraformLocals } from './terraform-locals.ts';
import { readTerraform } from './read-terraform.ts';
import { declaresTrust, isTerraform } from './trust-files.ts';

const folderOf = ({ source }: Pick<ReadFile, 'source'>): string => path.posix.dirname(source.file);

/** `locals` by folder, which is what Terraform reads as one. */
function localsByFolder(files: readonly ReadFile[]): ReadonlyMap<string, TerraformLocals> {
  const withLocals = files.filter(
    ({ source }) => isTerraform(source.file) && /^[ \t]{0,80}locals\b/m.test(source.text),
  );
  const grouped = Map.groupBy(withLocals, folderOf);
  return new Map(
    [...grouped].map(([folder, each]) => [
      folder,
      new Map(each.flatMap(({ source }) => [...localsOf(readHcl(source.text))])),
    ]),
  );
}

function findInFile(file: ReadFile, locals: ReadonlyMap<string, TerraformLocals>): FoundTrust[] {
  const { source, documents, definitions } = file;
  if (definitions.length > 0 || !declaresTrust(source.text)) return [];
  const declared = isTerraform(source.file)
    ? readTerraform(source.text, locals.get(folderOf(file)))
    : documents.flatMap((root) => readPolicies(root, source.file));
  return declared.map((each) => ({ ...each, source }));
}

/** Who has a role by its pool got through the provider of the pool first: both conditions hold. */
function behindProviders(trusts: readonly FoundTrust[]): readonly FoundTrust[] {
  const providers = trusts.filter(({ notation }) => notation === 'google-provider');
  return trusts.map((trust) => {
    if (trust.notation !== 'google-binding') return trust;
    const folder = folderOf(trust);
    const near = providers.filter(
      ({ source, issuer }) => issuer === trust.issuer && folderOf({ source }) === folder,
    );
    const door = widest(near);
    if (door === undefined || !isWider(trust, door)) return trust;
    return { ...trust, openness: door.openness, takenBy: door.takenBy };
  });
}

function findIn(files: readonly ReadFile[]): readonly FoundTrust[] {
  const locals = localsByFolder(files);
  return behindProviders(files.flatMap((file) => findInFile(file, locals)));
}

/** Everything in the files of a repository that accepts identities of pipelines. */
export const findTrust = memoize((repository: Repository): readonly FoundTrust[] => findIn(repository.files));
