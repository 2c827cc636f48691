import { z } from 'zod';
import { isJsonObject } from '../../jose/strict-json.ts';
import type { IdentityProviderKind, Normalisation, VerifiedClaims } from '../../provider.ts';
import { asFlag, asTextOrNumber, type ClaimFault, group, normalised } from '../../read-claims.ts';
import { refuse } from '../../refuse.ts';

/** Every canonical attribute that a claim may be mapped to. */
const attributes = [
  'org.id',
  'org.name',
  'project.id',
  'project.path',
  'project.visibility',
  'ref.full',
  'ref.type',
  'ref.protected',
  'commit',
  'trigger',
  'environment.name',
  'environment.protected',
  'config.uri',
  'config.sha',
  'callee.uri',
  'callee.sha',
  'runner.hosting',
  'runner.id',
  'run.id',
  'run.attempt',
  'run.job',
  'run.url',
  'actor.id',
  'actor.login',
  'forked',
  'interactive',
] as const;
type Attribute = (typeof attributes)[number];

const JsonPointer = z
  .string()
  .max(500)
  .regex(
    /^(?:\/(?:[^~/]|~[01])+)+$/,
    'must be a JSON pointer such as /oidc.example.org~1project-id (a slash within a name is ~1, a tilde ~0)',
  );

/**
 * `attributes`: canonical attribute → JSON pointer (RFC 6901) into the claims; a pointer and no dotted path,
 * because CircleCI and AWS have claims with dots and slashes in their names. `immutable`: those of the mapped
 * attributes that the issuer never gives to anybody else; a token without one of them is refused.
 */
const Settings = z
  .strictObject({
    attributes: z.partialRecord(z.enum(attributes), JsonPointer).default({}),
    immutable: z.array(z.enum(['project.id', 'org.id', 'actor.id', 'runner.id'])).default([]),
  })
  .refine(({ attributes: mapped, immutable }) => immutable.every((name) => mapped[name] !== undefined), {
    message: 'names an attribute that `attributes` does not map',
    path: ['immutable'],
  });
type Settings = z.infer<typeof Settings>;

export const provider: IdentityProviderKind<Settings> = {
  id: 'oidc',
  title: 'Generic OpenID Connect',
  description:
    'Any issuer of signed identity tokens (CircleCI, Buildkite, Jenkins, Bitbucket, Kubernetes, SPIFFE…). `attributes` says which claim is which attribute of the workload; what is not mapped is still there by name in `claims`.',
  settings: Settings,
  algorithmsDefault: ['RS256', 'ES256'],
  lifetimeSecondsMax: 3_600,
  claimsRequired: ['sub'],
  immutableAttributes: [],
  immutableAttributesOf: ({ immutable }) => immutable,
  pitfalls: [
    'Only what the issuer vouches for is worth mapping: a claim that a job may choose (Buildkite `--claim`, a Jenkins template over build variables) is not an identity.',
    'Declare as `immutable` only ids that the issuer never gives out again; names and paths are not.',
    'A shared issuer (one for all customers of a platform) needs `required` with your own organisation id.',
    'Without `jti` a token is known by its digest: the platform must not hand out the same token to two jobs.',
    'Map `interactive` where the platform can open a shell in a job (CircleCI `ssh-rerun`), and forbid it.',
    'Lists may be left out when long; let no `forbid` rest on them.',
  ],
  tokenSource: {
    setup: 'Put the identity token for this server into the variable VOUCHGATE_ID_TOKEN.',
    detect: ['VOUCHGATE_ID_TOKEN'],
  },
  normalise,
};

function normalise(claims: VerifiedClaims, { attributes: pointers, immutable }: Settings): Normalisation {
  const fault: ClaimFault = { refused: undefined };
  const find = (name: Attribute) => resolvePointer(claims, pointers[name]);
  const text = (name: Attribute) => asTextOrNumber(find(name), nameOf(name, pointers), fault);
  const flag = (name: Attribute) => asFlag(find(name), nameOf(name, pointers), fault);
  for (const name of immutable) {
    if (text(name) === undefined && fault.refused === undefined) return refuseMissing(nameOf(name, pointers));
  }
  const environment = text('environment.name');
  return normalised(
    {
      org: group({ id: text('org.id'), name: text('org.name') }),
      project: group({
        id: text('project.id'),
        path: text('project.path'),
        visibility: text('project.visibility'),
      }),
      ref: group({ full: text('ref.full'), type: text('ref.type'), protected: flag('ref.protected') }),
      commit: text('commit'),
      trigger: text('trigger'),
      environment:
        environment === undefined
          ? undefined
          : { name: environment, ...group({ protected: flag('environment.protected') }) },
      config: group({ uri: text('config.uri'), sha: text('config.sha') }),
      callee: group({ uri: text('callee.uri'), sha: text('callee.sha') }),
      runner: group({ hosting: hostingOf(text('runner.hosting')), id: text('runner.id') }),
      run: group({
        id: text('run.id'),
        attempt: text('run.attempt'),
        job: text('run.job'),
        url: text('run.url'),
      }),
      actor: group({ id: text('actor.id'), login: text('actor.login') }),
      forked: flag('forked'),
      interactive: flag('interactive'),
    },
    fault,
  );
}

/** Platforms say `self-hosted` and `<platform>-hosted`; anything else says nothing. */
function hostingOf(value: string | undefined): 'platform' | 'self' | undefined {
  if (value === 'self' || value === 'self-hosted') return 'self';
  return value === 'hosted' || value?.endsWith('-hosted') === true ? 'platform' : undefined;
}

/** RFC 6901 §4; undefined where nothing is. Only members of the token itself, none that objects inherit. */
function resolvePointer(claims: VerifiedClaims, pointer: string | undefined): unknown {
  if (pointer === undefined) return undefined;
  let value: unknown = claims;
  for (const part of pointer.slice(1).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = /^(?:0|[1-9]\d{0,4})$/.test(name) ? value[Number(name)] : undefined;
    else if (isJsonObject(value) && Object.hasOwn(value, name)) value = value[name];
    else return undefined;
  }
  return value;
}

/** The claim as a refusal names it. */
function nameOf(attribute: Attribute, pointers: Settings['attributes']): string {
  return pointers[attribute] ?? attribute;
}

function refuseMissing(name: string): Normalisation {
  return refuse('token_claim_missing', {
    message: `The token lacks ${name}, which the configuration declares immutable.`,
    facts: [{ name: `token.${name}`, expected: 'a value', received: undefined }],
    remedy: 'Have the platform put this claim into its tokens (Buildkite: `--claim`).',
  });
}
