import type { CredentialUse } from '../surface.ts';
import type { Scope } from './scope.ts';
import type { Unit } from './symbols.ts';
import {
  argumentOf,
  type Call,
  callsOf,
  constantOf,
  type Expression,
  firstArgument,
  itemsOfList,
  unwrap,
} from './tree.ts';
import { resolveName } from './agents.ts';

const NAME_MAX = 100;
const BINDINGS_MAX = 200;
const CREDENTIALS_MAX = 1000;
/** Arguments of bindings that name a variable. */
const VARIABLE_ARGUMENT =
  /^(?:variable|usernameVariable|passwordVariable|keyFileVariable|passphraseVariable|keystoreVariable|aliasVariable|accessKeyVariable|secretKeyVariable|tokenVariable|envVar)$/;
/** A name of a user or of a file opens nothing by itself. */
const OPENS_NOTHING = /^(?:usernameVariable|keyFileVariable|keystoreVariable|aliasVariable)$/;

/** Vaults hold names of accounts and places, too. */
const NO_SECRET = /(?:USER|USERNAME|EMAIL|ACCOUNT|ACCOUNT_ID|REGION|BUCKET|BUCKET_NAME|HOST|URL)$/i;

/** The id of a credential as it is written, when it is computed. */
function nameOf(expression: Expression, unit: Unit): string {
  const value = constantOf(resolveName(expression, unit)) ?? unit.source.slice(expression);
  return value.replaceAll(/\s+/g, ' ').slice(0, NAME_MAX);
}

export function credentialAt(
  expression: Expression,
  unit: Unit,
  scope: CredentialUse['scope'],
): CredentialUse {
  return { kind: 'connection', name: nameOf(expression, unit), scope, source: unit.source, span: expression };
}

/** What `withCredentials`, `withVault`, `withSecrets` and their like bring in. */
export interface Bindings {
  readonly credentials: readonly CredentialUse[];
  readonly bound: readonly (readonly [variable: string, credential: string])[];
}

function bindingOf(expression: Expression, unit: Unit): Bindings {
  const inner = unwrap(expression);
  const entries =
    inner.kind === 'chain' ? (callsOf(inner)[0]?.entries ?? []) : inner.kind === 'list' ? inner.entries : [];
  const id =
    argumentOf(entries, 'credentialsId') ??
    argumentOf(entries, 'secretRef') ??
    argumentOf(entries, 'vaultKey');
  if (id === undefined) return { credentials: [], bound: [] };
  const credential = credentialAt(id, unit, 'step');
  const bound = entries.flatMap(({ name, value }) => {
    const variable = constantOf(value);
    const isSecret = name !== undefined && VARIABLE_ARGUMENT.test(name) && !OPENS_NOTHING.test(name);
    // The variable of a `file` binding holds a path.
    const isFile = inner.kind === 'chain' && /^(?:file|zip|certificate)$/.test(callsOf(inner)[0]?.path ?? '');
    return isSecret && !isFile && variable !== undefined && !NO_SECRET.test(variable)
      ? [[variable, credential.name] as const]
      : [];
  });
  return { credentials: [credential], bound };
}

function bindingsIn(expression: Expression | undefined, unit: Unit, depth = 0): Bindings[] {
  if (expression === undefined || depth > 4) return [];
  const resolved =
    expression.kind === 'name' ? (unit.assignments.get(expression.name)?.[0] ?? expression) : expression;
  return itemsOfList(unwrap(resolved))
    .slice(0, BINDINGS_MAX)
    .flatMap((item) => {
      const found = bindingOf(item, unit);
      if (found.credentials.length > 0) return [found];
      const nested =
        item.kind === 'list' ? (argumentOf(item.entries, 'secretValues') ?? undefined) : undefined;
      return nested === undefined ? [] : bindingsIn(nested, unit, depth + 1);
    });
}

/** Blocks in which credentials are variables. */
const BINDING_BLOCK = /^(?:withCredentials|withVault|withSecrets|withAWSSecrets)$/;
/** Blocks and steps that take one credential, by the argument that names it. */
const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  sshagent: ['credentials'],
  withAWS: ['credentials'],
  withKubeConfig: ['credentialsId'],
  withKubeCredentials: ['credentialsId'],
  withDockerRegistry: ['credentialsId'],
  withSonarQubeEnv: ['credentialsId'],
  withGCP: ['credentialsId'],
  azureCLI: ['principalCredentialId'],
  'docker.withRegistry': [],
  'docker.withServer': [],
};

/** What a block hands to the code in it; undefined when it is no such block. */
export function bindingsOfBlock(call: Call, unit: Unit): Bindings | undefined {
  const name = call.path.replace(/^(?:steps|script|this)\./, '');
  if (BINDING_BLOCK.test(name)) {
    const list =
      argumentOf(call.entries, 'bindings') ??
      argumentOf(call.entries, 'secrets') ??
      argumentOf(call.entries, 'vaultSecrets') ??
      firstArgument(call.entries);
    const all = bindingsIn(list, unit);
    return { credentials: all.flatMap((each) => each.credentials), bound: all.flatMap((each) => each.bound) };
  }
  const names = Object.hasOwn(HOLDERS, name) ? HOLDERS[name] : undefined;
  if (names === undefined) return undefined;
  const named = names.map((each) => argumentOf(call.entries, each)).find((each) => each !== undefined);
  const positional = name.startsWith('docker.') ? call.entries[1] : call.entries[0];
  const plain =
    positional?.name === undefined && positional?.value.kind !== 'closure' ? positional?.value : undefined;
  const values = itemsOfList(named ?? plain).filter(
    (each) => each.kind === 'string' || each.kind === 'name' || each.kind === 'chain',
  );
  return { credentials: values.map((each) => credentialAt(each, unit, 'step')), bound: [] };
}

/** A credential that a step takes by itself, when it opens more than the sources that are built. */
export function credentialOfStep(call: Call, unit: Unit): CredentialUse | undefined {
  const name = call.path.slice(call.path.lastIndexOf('.') + 1);
  const id =
    name === 'httpRequest'
      ? argumentOf(call.entries, 'authentication')
      : argumentOf(call.entries, 'credentialsId');
  // What fetches sources keeps the credential to itself.
  if (
    id === undefined ||
    /^(?:git|checkout|scmGit|modernSCM|library|gitSCMSource|github|[a-z]*SCM\w*)$/i.test(name)
  )
    return undefined;
  return credentialAt(id, unit, 'step');
}

export function withBindings(scope: Scope, { credentials, bound }: Bindings): Scope {
  if (scope.credentials.length >= CREDENTIALS_MAX) return scope;
  return {
    ...scope,
    credentials: [...scope.credentials, ...credentials],
    bound: new Map([...scope.bound, ...bound]),
  };
}
