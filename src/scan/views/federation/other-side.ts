import { issuerOf, describeBinding } from './bind/subjects.ts';
import type { Binding } from './bind/binding.ts';
import { tokensOf } from './bind/platform-tokens.ts';
import type { RepositoryIdentity } from './bind/repository-identity.ts';
import { bindingOf } from './patch/plans.ts';
import type { StoredCredential } from './recognise/stored-use.ts';
import type { FederationEntry, WrittenFile } from './result.ts';
import { findTarget } from './targets/find-target.ts';
import { type GuardedResource, renderConfiguration, renderPolicy } from './vouchgate/configuration.ts';
import { describeTokenTrust } from './vouchgate/token-trust.ts';
import { type Resource, resourcesOf } from './vouchgate/resource.ts';

/** Platforms of which Vouchgate verifies tokens by a provider of their own. */
const isKnownIssuer = ({ platform }: Binding): boolean => platform === 'github' || platform === 'gitlab';
/** Platforms whose tokens a policy can be written about. */
const isBrokered = (binding: Binding): boolean => isKnownIssuer(binding) || binding.platform === 'circleci';

function guard(stored: readonly StoredCredential[], identity: RepositoryIdentity): GuardedResource[] {
  const guarded = new Map<string, { resource: Resource; bindings: [Binding, ...Binding[]] }>();
  for (const credential of stored) {
    const binding = bindingOf(credential, identity);
    if (!isBrokered(binding)) continue;
    for (const resource of resourcesOf(credential)) {
      const known = guarded.get(resource.name);
      if (known === undefined) guarded.set(resource.name, { resource, bindings: [binding] });
      else known.bindings.push(binding);
    }
  }
  return [...guarded.values()];
}

function brokerFiles(guarded: readonly GuardedResource[], identity: RepositoryIdentity): WrittenFile[] {
  if (guarded.length === 0) return [];
  return [
    { file: 'vouchgate/vouchgate.yaml', text: renderConfiguration(guarded, identity) },
    ...guarded.map((each) => ({
      file: `vouchgate/policies/${each.resource.name}.cedar`,
      text: renderPolicy(each, identity),
    })),
  ];
}

function isAccepted(kind: FederationEntry['kind'], binding: Binding): boolean {
  return isKnownIssuer(binding) || tokensOf(binding.platform)?.accepted.includes(kind) === true;
}

/** One binding under one name is one role: jobs of the same environment share it. */
function distinctTrust(entries: readonly FederationEntry[]): FederationEntry[] {
  const known = entries.filter(
    ({ kind, binding }) => findTarget(kind) !== undefined && isAccepted(kind, binding),
  );
  return [...new Map(known.map((each) => [each.name, each])).values()];
}

const MORE_BINDINGS = 'More than one binding has this name: add the subjects of the others, each in full.';

/** `others` are all of the same name, itself among them. */
function describeTrust(
  entry: FederationEntry,
  others: readonly FederationEntry[],
  identity: RepositoryIdentity,
): string {
  const { name, kind, kindName, binding } = entry;
  const trust = findTarget(kind)?.trust({ name, binding, identity });
  const bound = new Set(others.map((each) => describeBinding(each.binding)));
  return [
    `## ${name}: ${kindName}`,
    `For ${describeBinding(binding)}, issuer \`${issuerOf(binding, identity)}\`; used by ${others
      .map(({ job, file }) => `\`${job}\` (${file})`)
      .slice(0, 10)
      .join(', ')}.`,
    ...(bound.size > 1 ? [MORE_BINDINGS] : []),
    ...[...new Set(others.flatMap((each) => each.binding.warnings))].map(
      (warning) => `**Look first:** ${warning}.`,
    ),
    trust?.steps ?? '',
  ].join('\n\n');
}

const HEAD = `# From stored credentials to identities

1. Choose a way for each file: \`patches/direct\` (the cloud or registry trusts the run itself) or \`patches/vouchgate\`
   (Vouchgate issues, records and revokes, also where nothing else than a stored value is known). Never apply both.
2. Set up the other side first: the sections below, \`terraform/\`, or \`vouchgate/\` (\`vouchgate policy check\` reads it).
   Words in capitals stand for what a checkout does not say; \`--with identity=FILE\` fills them in.
3. A job without \`permissions:\` gets \`contents: read\` and what its identity needs: add what else its token does.
4. \`git apply patches/…\`, run the pipeline once, and only then delete the stored value where it was made and in the
   settings of the platform.
`;

/** Everything that is not a patch: Vouchgate’s side, Terraform, and the steps for a person. */
export function otherSide(
  stored: readonly StoredCredential[],
  entries: readonly FederationEntry[],
  identity: RepositoryIdentity,
  prefix: string,
): WrittenFile[] {
  if (entries.length === 0) return [];
  const trusts = distinctTrust(entries);
  const byName = Map.groupBy(entries, ({ name }) => name);
  const terraform = trusts.flatMap(({ name, kind, binding }): WrittenFile[] => {
    const text = findTarget(kind)?.trust({ name, binding, identity }).terraform;
    return text === undefined ? [] : [{ file: `terraform/${name}.tf`, text }];
  });
  const readme = [
    HEAD,
    ...trusts.map((each) => describeTrust(each, byName.get(each.name) ?? [], identity)),
  ].join('\n');
  const guarded = guard(stored, identity);
  const text = `${readme}${describeTokenTrust(guarded)}`;
  const files = [...brokerFiles(guarded, identity), ...terraform, { file: 'README.md', text }];
  return files.map((each) => ({ file: `${prefix}${each.file}`, text: each.text }));
}
