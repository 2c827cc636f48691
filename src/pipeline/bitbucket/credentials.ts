import type { ImageUse, Step } from '../model.ts';
import { assignedNames, isSecretName, mentionsOf } from '../secret-variables.ts';
import type { SourceText } from '../source.ts';
import type { CredentialUse } from '../surface.ts';
import type { Text } from '../text.ts';
import { asBoolean } from '../yaml/access.ts';
import type { Member } from '../yaml/merge-keys.ts';

const IDENTITY = 'BITBUCKET_STEP_OIDC_TOKEN';

function inText(text: Text, scope: CredentialUse['scope'], own: ReadonlySet<string>): CredentialUse[] {
  return mentionsOf(text).flatMap(({ name, start, end }) => {
    if (own.has(name) || (name !== IDENTITY && !isSecretName(name))) return [];
    const kind = name === IDENTITY ? 'identity-token' : 'secret';
    return [{ kind, name, scope, source: text.source, span: text.span(start, end) }];
  });
}

function inStep({ work }: Step, own: ReadonlySet<string>): CredentialUse[] {
  if (work.kind === 'script') return inText(work.text, 'step', own);
  if (work.kind !== 'action') return [];
  return work.inputs.flatMap(({ value }) => (value === undefined ? [] : inText(value, 'step', own)));
}

/** `oidc: true`: the step can ask for a token that tells other systems which step it is. */
function identityToken(oidc: Member | undefined, source: SourceText): CredentialUse[] {
  if (oidc === undefined || asBoolean(oidc.value) !== true) return [];
  return [{ kind: 'identity-token', name: IDENTITY, scope: 'job', source, span: oidc.key }];
}

/** Secured variables that a step reads; what the scripts set themselves is none of them. */
export function readCredentials(
  steps: readonly Step[],
  images: readonly ImageUse[],
  oidc: Member | undefined,
  source: SourceText,
): CredentialUse[] {
  const scripts = steps.flatMap(({ work }) => (work.kind === 'script' ? [...assignedNames(work.text)] : []));
  const own = new Set(scripts);
  const ofImages = images.flatMap(({ credentials }) =>
    credentials.flatMap(({ value }) => (value === undefined ? [] : inText(value, 'job', own))),
  );
  const all = [...identityToken(oidc, source), ...ofImages, ...steps.flatMap((step) => inStep(step, own))];
  const byName = new Map<string, CredentialUse>();
  for (const use of all) if (!byName.has(use.name)) byName.set(use.name, use);
  return [...byName.values()];
}
