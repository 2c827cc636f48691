import { isSecretName } from '#pipeline/secret-variables.ts';
import type { Job, Platform } from '#pipeline/model.ts';
import type { CredentialKind, CredentialUse, JobSurface } from '#pipeline/surface.ts';

type Words = Readonly<Record<CredentialKind, string>>;

const WORDS: Words = {
  secret: 'the secret',
  'secret-group': 'the secrets of',
  connection: 'the connection',
  'identity-token': 'the identity token',
  'platform-token': 'the token',
  'service-account': 'the service account',
};

/** As the platforms call their own. */
const OWN_WORDS: Readonly<Partial<Record<Platform, Partial<Words>>>> = {
  azure: { 'secret-group': 'the variable group', connection: 'the service connection' },
  circleci: { 'secret-group': 'the context' },
  jenkins: { secret: 'the credentials', connection: 'the credentials' },
  bitbucket: { secret: 'the variable', 'secret-group': 'the variables of' },
};

/** `the context deploy`, `the service connection production`. */
export function nameCredential({ kind, name }: CredentialUse, platform: Platform): string {
  return `${OWN_WORDS[platform]?.[kind] ?? WORDS[kind]} ${name.replaceAll(/\s+/g, ' ').slice(0, 50)}`.trimEnd();
}

/** Most to least worth; what the platform gives to everybody comes last. */
const WORTH: readonly CredentialKind[] = [
  'connection',
  'secret',
  'secret-group',
  'identity-token',
  'service-account',
  'platform-token',
];

/** Each once, the most worth taking first. */
export function credentialsOf({ credentials }: JobSurface): readonly CredentialUse[] {
  const distinct = new Map(credentials.map((each) => [`${each.kind} ${each.name}`, each]));
  return [...distinct.values()].toSorted(
    (left, right) => WORTH.indexOf(left.kind) - WORTH.indexOf(right.kind),
  );
}

/** Stored by somebody for this purpose, other than what the platform or the cluster hands to every job. */
export function storedCredentialsOf(surface: JobSurface): readonly CredentialUse[] {
  return credentialsOf(surface).filter(({ kind }) => kind !== 'platform-token' && kind !== 'service-account');
}

/** `the context deploy and 2 more`; undefined when nobody stored anything for the job. */
export function describeCredentials(surface: JobSurface, platform: Platform): string | undefined {
  const [first, ...others] = storedCredentialsOf(surface);
  if (first === undefined) return undefined;
  return `${nameCredential(first, platform)}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

/** What the first of some jobs that has credentials holds; undefined when none has. */
export function findHolder<At extends { readonly job: Job; readonly surface: JobSurface }>(
  jobs: readonly At[],
): { readonly at: At; readonly held: string } | undefined {
  for (const at of jobs) {
    const held = describeCredentials(at.surface, at.job.pipeline.platform);
    if (held !== undefined) return { at, held };
  }
  return undefined;
}

/** True for names that people give to secrets, in the spelling of any platform: `NPM_TOKEN`, `npm-token`, `npmToken`. */
export function isCredentialName(name: string): boolean {
  return isSecretName(
    name
      .slice(0, 100)
      .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
      .replaceAll(/[-.]/g, '_'),
  );
}
