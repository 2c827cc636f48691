import { z } from 'zod';
import { Secret } from '#core/secret.ts';
import { CredentialError } from '../../credential-error.ts';
import type {
  CredentialProviderContext,
  CredentialProviderKind,
  CredentialRequest,
  Handle,
} from '../../provider.ts';
import { SealedSecretName } from '../../sealed-secrets.ts';

const VariableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'Letters, digits and `_`, not a digit first.');

const Settings = z.strictObject({});
type Settings = z.infer<typeof Settings>;

const Parameters = z.strictObject({
  /** Name under which it was sealed. */
  secret: SealedSecretName,
  /** Environment variables that receive the value. */
  environment: z.union([VariableName, z.array(VariableName).min(1).max(10)]),
  /** Where the secret is a JSON object: the member to hand on. */
  field: z.string().min(1).max(128).optional(),
});
type Parameters = z.infer<typeof Parameters>;

type Request = CredentialRequest<Parameters>;

function missing(name: string): CredentialError {
  return new CredentialError('credential_value_missing', `There is no sealed secret named ${name}.`, {
    remedy: `Set it with \`vouchgate secret set ${name}\`.`,
  });
}

function memberOf(value: Secret, name: string, field: string): Secret {
  const remedy = `Set it again with \`vouchgate secret set ${name}\`, as a JSON object with the text member "${field}".`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.reveal());
  } catch {
    // The cause is left out: a message of the JSON parser quotes the text, which is the secret.
    throw new CredentialError('credential_value_missing', `The sealed secret ${name} is not JSON.`, {
      remedy,
    });
  }
  const member =
    typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, field)
      ? Reflect.get(parsed, field)
      : undefined;
  if (typeof member === 'string' && member !== '') return new Secret(member);
  throw new CredentialError(
    'credential_value_missing',
    `The sealed secret ${name} has no text member "${field}".`,
    { remedy },
  );
}

function create(_: Settings, { sealedSecrets }: CredentialProviderContext) {
  return {
    plan: ({ parameters }: Request) => ({ secret: parameters.secret }),
    async issue({ parameters, issuedAtMs, ttlSeconds }: Request, handle: Handle, signal: AbortSignal) {
      signal.throwIfAborted();
      if (handle.secret !== parameters.secret) {
        throw new CredentialError('credential_handle_invalid', 'The handle names another sealed secret.');
      }
      const stored = await sealedSecrets.read(parameters.secret);
      if (stored === undefined) throw missing(parameters.secret);
      const { field, environment } = parameters;
      const value = field === undefined ? stored : memberOf(stored, parameters.secret, field);
      const names = typeof environment === 'string' ? [environment] : environment;
      return {
        values: { value },
        environment: Object.fromEntries(names.map((name) => [name, 'value'])),
        expiresAtMs: issuedAtMs + ttlSeconds * 1000,
      };
    },
    check: async () => [],
    close: async () => {},
  };
}

/** A static value for what has nothing better. */
export const provider: CredentialProviderKind<Settings, Parameters> = {
  id: 'sealed-secret',
  title: 'Sealed secret',
  description:
    'A static value, encrypted at rest, for targets that know nothing better than a password or an API key. The decision, the record and the policy are those of every credential, but the value itself lives on: it is counted as debt until it is replaced.',
  settings: Settings,
  parameters: Parameters,
  effect: 'none',
  revocable: false,
  renewable: false,
  stored: true,
  ttlSeconds: { default: 900, min: 60, max: 86_400 },
  issuedTokenType: 'urn:vouchgate:params:oauth:token-type:credential',
  accessTokenField: 'value',
  securityConsiderations: [
    'The end of the lease does not end the value: a job that kept it can use it until it is changed at its target.',
    'Give every secret a date by which it is rotated; after that date it is still handed out, but shown as overdue.',
    'It is encrypted under the master key: whoever has the master key and the store has all of them.',
    'Prefer any other kind of credential wherever the target knows one.',
  ],
  create,
};
