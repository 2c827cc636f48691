import { type CredentialKindId, credentialKindOf } from './credential-kinds.ts';
import { type PlatformId, platformOf } from './platforms.ts';

const indent = (lines: readonly string[], spaces: number) =>
  lines.map((line) => `${' '.repeat(spaces)}${line}\n`).join('');

/** What goes into vouchgate.yaml for one platform and one resource. */
export function writeConfiguration(platform: PlatformId, kind: CredentialKindId): string {
  const { provider, settings, resource } = credentialKindOf(kind);
  return [
    'identityProviders:\n',
    indent(platformOf(platform).provider, 2),
    '\ncredentialProviders:\n',
    indent(provider, 2),
    '\nresources:\n',
    `  ${resource}:\n`,
    indent(settings, 4),
  ].join('');
}

/** Name of the identity provider that {@link writeConfiguration} writes. */
export function providerNameOf(platform: PlatformId): string {
  return (platformOf(platform).provider[0] ?? '').replace(/:$/, '');
}
