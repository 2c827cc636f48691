import { IDENTITY_TOKEN, type Migration } from '../patch/migration.ts';
import type { NewStep } from '../patch/step-edits.ts';
import type { StoredCredential, StoredUse } from '../recognise/stored-use.ts';
import { type Resource, resourceFor } from './resource.ts';
import { tokenLoginOf } from './token-login.ts';

/** A placeholder that cannot run by accident: the release is somebody’s decision. */
const ACTION = 'OWNER/vouchgate/action@COMMIT # the full commit of the release that you reviewed';
const SERVER = ['server', '${{ vars.VOUCHGATE_URL }}'] as const;

const outputOf = (id: string, { name }: Resource, field: string): string =>
  `steps.${id}.outputs['${name}.${field}']`;

function awsMigration({ uses }: StoredCredential, id: string, resource: Resource): Migration {
  const onlyInputs = uses.every(({ place, holder }) => place === 'input' && holder !== 'password');
  const inputs: [string, string][] = [
    ['aws-access-key-id', `\${{ ${outputOf(id, resource, 'accessKeyId')} }}`],
    ['aws-secret-access-key', `\${{ ${outputOf(id, resource, 'secretAccessKey')} }}`],
    ['aws-session-token', `\${{ ${outputOf(id, resource, 'sessionToken')} }}`],
  ];
  const remove = inputs.map(([name]) => name);
  return {
    inputs: {
      'aws-actions/configure-aws-credentials': { remove, add: inputs, login: true },
      'docker/login-action': { remove: ['username', 'password'], add: [], login: true },
    },
    login: {
      id,
      uses: ACTION,
      with: [
        SERVER,
        ['resources', resource.name],
        ...(onlyInputs ? [['export-environment', "'false'"] as const] : []),
      ],
    },
    variables: [],
    exports: true,
    exportedNames: /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
    loginLine: /^\s*aws\s+configure\s+set\s+(?:default\.)?aws_(?:access_key_id|secret_access_key)\s/,
    scope: IDENTITY_TOKEN,
  };
}

/** A token of Vouchgate's own, with which the job logs in. */
function tokenMigration(credential: StoredCredential, id: string, resource: Resource): Migration | undefined {
  const login = tokenLoginOf(credential);
  if (login === undefined) return undefined;
  const given: [string, string][] =
    login.variable === ''
      ? [
          ['resources', resource.name],
          ['export-environment', "'false'"],
        ]
      : [['environment', `${login.variable}=${resource.name}.${resource.field}`]];
  const next = login.script?.(outputOf(id, resource, resource.field));
  return {
    ...login.migration,
    login: { id, uses: ACTION, with: [SERVER, ...given], ...(next === undefined ? {} : { next }) },
    exports: true,
    scope: IDENTITY_TOKEN,
  };
}

/** Variables of whole jobs are set again under their names; everything else takes an output, in its own place. */
function loginFor({ uses }: StoredCredential, id: string, resources: readonly Resource[]): NewStep {
  const wide = uses.filter(({ place }) => place === 'job-variable' || place === 'pipeline-variable');
  const set = wide.flatMap((use) => {
    const resource = resourceFor(resources, use);
    return resource === undefined ? [] : [`${use.holder}=${resource.name}.${resource.field}`];
  });
  const narrow = resources.filter(({ name }) => !set.some((line) => line.includes(`=${name}.`)));
  const list = (lines: readonly string[]): string =>
    lines.length === 1 ? (lines[0] ?? '') : `|\n${lines.map((line) => `  ${line}`).join('\n')}`;
  const inputs: [string, string][] = [[...SERVER]];
  if (narrow.length > 0) inputs.push(['resources', list(narrow.map(({ name }) => name))]);
  if (set.length > 0) inputs.push(['environment', list(set)]);
  else inputs.push(['export-environment', "'false'"]);
  return { id, uses: ACTION, with: inputs };
}

/** The same place gets what Vouchgate issued for this run. */
export function vouchgateMigration(
  credential: StoredCredential,
  resources: readonly Resource[],
): Migration | undefined {
  const [first] = resources;
  if (first === undefined) return undefined;
  const id = `vouchgate-${credential.kind.id}`;
  if (first.provider === 'aws') return awsMigration(credential, id, first);
  if (first.provider === 'token') return tokenMigration(credential, id, first);
  const output = (use: StoredUse): string | undefined => {
    const resource = resourceFor(resources, use);
    return resource === undefined ? undefined : outputOf(id, resource, resource.field);
  };
  return {
    inputs: {},
    replaceInput: output,
    replaceVariable: output,
    replaceInScript: output,
    login: loginFor(credential, id, resources),
    variables: [],
    exports: true,
    exportedNames: /^/,
    scope: IDENTITY_TOKEN,
  };
}
