import type { CredentialProviderKind } from '#credentials/provider.ts';
import type { IdentityProviderKind } from '#identity/provider.ts';
import { formatDuration } from '#core/config/duration.ts';
import { code, list, page, table } from './markdown.ts';
import type { Generator } from './output.ts';
import {
  CREDENTIAL_PROVIDERS,
  IDENTITY_PROVIDERS,
  loadCredentialProviders,
  loadIdentityProviders,
} from './plug-ins.ts';
import { describeFields } from './schema-fields.ts';

function codes(names: readonly string[]): string {
  return names.length === 0 ? '–' : names.map(code).join(', ');
}

function identitySection(kind: IdentityProviderKind): string {
  return [
    `## ${code(kind.id)}: ${kind.title}`,
    kind.description,
    table(
      ['', ''],
      [
        [
          'issuer',
          kind.defaultIssuer === undefined ? 'must be configured' : `${code(kind.defaultIssuer)} by default`,
        ],
        ['signature algorithms', codes(kind.algorithmsDefault)],
        ['longest lifetime of a token', formatDuration(kind.lifetimeSecondsMax)],
        ['claims that every token must have', codes(kind.claimsRequired)],
        ['attributes that never change hands', codes(kind.immutableAttributes)],
        ['detected by the variables', codes(kind.tokenSource.detect)],
      ],
    ),
    `In the pipeline: ${kind.tokenSource.setup}`,
    '### Settings',
    describeFields(kind.settings),
    kind.pitfalls.length === 0 ? '' : `### Pitfalls\n\n${list(kind.pitfalls)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function credentialSection(kind: CredentialProviderKind): string {
  const { ttlSeconds } = kind;
  const [usual, least, most] = [ttlSeconds.default, ttlSeconds.min, ttlSeconds.max].map(formatDuration);
  return [
    `## ${code(kind.id)}: ${kind.title}`,
    kind.description,
    table(
      ['', ''],
      [
        ['made', kind.effect === 'none' ? 'by Vouchgate alone' : 'by calling a back-end'],
        ['revocable', yesOrNo(kind.revocable)],
        ['renewable', yesOrNo(kind.renewable)],
        ['a stored, long-lived value', yesOrNo(kind.stored)],
        ['lifetime', `${usual} by default, ${least} to ${most}`],
        [code('issued_token_type'), code(kind.issuedTokenType)],
      ],
    ),
    '### Settings',
    describeFields(kind.settings),
    '### Parameters of a resource',
    describeFields(kind.parameters),
    kind.securityConsiderations.length === 0
      ? ''
      : `### Security considerations\n\n${list(kind.securityConsiderations)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

export const providerPages: readonly Generator[] = [
  {
    path: 'docs/reference/identity-providers.md',
    sources: [IDENTITY_PROVIDERS],
    generate: async () =>
      page(
        'Identity providers',
        'Whose tokens Vouchgate accepts. Each section is one `type` under `identityProviders` in `vouchgate.yaml`; the settings that every type has are in [configuration](configuration.md).',
        ...(await loadIdentityProviders()).map(identitySection),
      ),
  },
  {
    path: 'docs/reference/credential-providers.md',
    sources: [CREDENTIAL_PROVIDERS],
    generate: async () =>
      page(
        'Credential providers',
        'What a job may receive. Each section is one `type` under `credentialProviders` in `vouchgate.yaml`; “parameters” go under a resource.',
        ...(await loadCredentialProviders()).map(credentialSection),
      ),
  },
];
