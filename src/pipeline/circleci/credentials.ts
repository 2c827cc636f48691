import type { Step, Variable } from '../model.ts';
import { assignedNames, isSecretName, mentionsOf } from '../secret-variables.ts';
import type { SourceText } from '../source.ts';
import type { CredentialUse } from '../surface.ts';
import type { Text } from '../text.ts';
import type { Executor } from './executors.ts';
import type { Invocation } from './workflows.ts';

const IDENTITY = /^CIRCLE_OIDC_TOKEN(?:_V2)?$/;
/** How an orb is told which variable holds a secret: by its name alone. */
const BARE_NAME = /^[A-Z][A-Z0-9_]{2,99}$/;

type Kind = CredentialUse['kind'];

function kindOf(name: string): Kind | undefined {
  if (IDENTITY.test(name)) return 'identity-token';
  return isSecretName(name) ? 'secret' : undefined;
}

function inText(text: Text, scope: CredentialUse['scope'], own: ReadonlySet<string>): CredentialUse[] {
  return mentionsOf(text).flatMap(({ name, start, end }) => {
    const kind = own.has(name) ? undefined : kindOf(name);
    return kind === undefined
      ? []
      : [{ kind, name, scope, source: text.source, span: text.span(start, end) }];
  });
}

function inArgument({ value }: Variable, own: ReadonlySet<string>): CredentialUse[] {
  if (value === undefined) return [];
  if (!BARE_NAME.test(value.value) || own.has(value.value)) return inText(value, 'step', own);
  const kind = kindOf(value.value);
  return kind === undefined
    ? []
    : [{ kind, name: value.value, scope: 'step', source: value.source, span: value.node }];
}

function inStep({ work, env }: Step, own: ReadonlySet<string>): CredentialUse[] {
  if (work.kind === 'action') return work.inputs.flatMap((input) => inArgument(input, own));
  if (work.kind !== 'script') return [];
  const names = new Set([...own, ...env.map(({ name }) => name), ...assignedNames(work.text)]);
  return inText(work.text, 'step', names);
}

/** Every name once: the first place is enough to show where. */
function unique(uses: readonly CredentialUse[]): CredentialUse[] {
  const seen = new Map<string, CredentialUse>();
  for (const use of uses) {
    const id = `${use.kind} ${use.name}`;
    if (!seen.has(id)) seen.set(id, use);
  }
  return [...seen.values()];
}

/** What a job is given: its contexts, and variables of the project that it reads. */
export function readCredentials(
  steps: readonly Step[],
  executor: Executor,
  invocation: Invocation | undefined,
  source: SourceText,
): CredentialUse[] {
  const own = new Set(executor.env.map(({ name }) => name));
  const contexts = (invocation?.contexts ?? []).map(
    (span): CredentialUse => ({ kind: 'secret-group', name: span.value, scope: 'job', source, span }),
  );
  const ofImages = executor.images.flatMap(({ credentials }) =>
    credentials.flatMap(({ value }) => (value === undefined ? [] : inText(value, 'job', own))),
  );
  return unique([...contexts, ...ofImages, ...steps.flatMap((step) => inStep(step, own))]);
}
