import type { StoredCredential, StoredUse } from '../recognise/stored-use.ts';
import { tokenLoginOf } from './token-login.ts';

/** Which credential provider of Vouchgate stands in for a stored value. */
export type ProviderName = 'aws' | 'database' | 'token' | 'sealed';

/** What a job asks for instead of the stored value. */
export interface Resource {
  readonly name: string;
  readonly provider: ProviderName;
  /** Stored value that it takes the place of; empty for one that stores nothing. */
  readonly secret: string;
  /** Field of the answer. */
  readonly field: string;
  /** Variable that a job finds it in. */
  readonly variable: string;
  /** For whom a token is made; empty for everything else. */
  readonly audience: string;
}

/** A name as `vouchgate.yaml` takes it. */
export function resourceName(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]{1,60}/g, '-')
    .replaceAll(/^-|-$/g, '');
  return plain.slice(0, 60) || 'credential';
}

const POSTGRES_URL = /^(?:\w{0,30}_)?(?:database|db|postgres|postgresql|pg)_?(?:url|uri|dsn)$/i;

function resourceOf({ secret, holder, kind, place }: StoredUse): Resource {
  const isVariable = place !== 'input' && holder !== '';
  const variable = isVariable ? holder : secret;
  const isDatabase = kind.id === 'database' && [secret, holder].some((name) => POSTGRES_URL.test(name));
  const base = {
    name: resourceName(secret),
    variable: variable.replaceAll(/\W/g, '_').toUpperCase(),
    audience: '',
  };
  return isDatabase
    ? { ...base, provider: 'database', secret: '', field: 'url' }
    : { ...base, provider: 'sealed', secret: base.name, field: 'value' };
}

/** What takes the place of a stored credential, one for each stored value; for AWS one session for all of them. */
export function resourcesOf(credential: StoredCredential): readonly Resource[] {
  const { kind, job, uses } = credential;
  const place = job.environment?.name.isConstant === true ? job.environment.name.value : job.id;
  const name = resourceName(`${kind.id}-${place}`);
  const nothingStored = { name, secret: '', variable: '' };
  if (kind.id === 'aws') return [{ ...nothingStored, provider: 'aws', field: 'accessKeyId', audience: '' }];
  const login = tokenLoginOf(credential);
  if (login !== undefined)
    return [{ ...nothingStored, provider: 'token', field: 'token', audience: login.audience(name) }];
  const distinct = new Map(
    uses.filter(({ secret }) => secret !== '').map((use) => [use.secret, resourceOf(use)]),
  );
  return [...distinct.values()];
}

export function resourceFor(resources: readonly Resource[], { secret }: StoredUse): Resource | undefined {
  return resources.find(
    ({ name, provider }) => provider === 'aws' || provider === 'token' || name === resourceName(secret),
  );
}
