import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Longer files are lists of something, or generated. */
const BYTES_MAX = 262_144;

/** Names of issuers, and of the resources that accept their tokens where the issuer is a variable. */
const MARKS = [
  'token.actions.githubusercontent.com',
  '_services/token',
  'oidc.circleci.com',
  'agent.buildkite.com',
  'app.terraform.io',
  'api.bitbucket.org/2.0/workspaces',
  'gitlab.com',
  'workload_identity_pool',
  'federated_identity_credential',
  'AssumeRoleWithWebIdentity',
  'principalSet://',
];

/** Words of each of them. */
const SUBJECTS = ['repo:', 'project_path:', '/project/'];
/** Subjects that a policy in another file of the folder names. */
const SUBJECT = /["'](?:repo:[\w.-]{1,100}[/*@]|project_path:[\w.-]|org\/[\w-]{1,60}\/project\/)/;

/** What makes a policy of it; an address alone is mentioned by many files. */
const TRUST =
  /AssumeRoleWithWebIdentity|workload_identity_pool|federated_identity_credential|principalSet:\/\/|oidc-provider\/|:sub\b/;

/** Policies as files of their own, and templates in JSON. */
const POLICY_NAME =
  /(?:trust|assume|oidc|federat|role|iam|template|cloudformation)[\w.-]{0,60}\.json(?:\.tf?t?pl)?$|\.template$/i;

export const isTerraform = (file: string): boolean => /\.(?:tf|tofu)$/.test(file);

/** By its name it can say who may take a role; what is in it decides. */
export function mayDeclareTrust(file: string): boolean {
  return isTerraform(file) || POLICY_NAME.test(file.slice(file.lastIndexOf('/') + 1));
}

/** A whole text that says whose identity tokens are accepted. */
export function declaresTrust(text: string): boolean {
  return MARKS.some((mark) => text.includes(mark)) && TRUST.test(text);
}

/** Templates of CloudFormation say so at their beginning. */
export function isTemplate(beginning: Buffer): boolean {
  return beginning.includes('AWSTemplateFormatVersion');
}

/** Opens a file that may say so; false when it cannot be read. */
export function sniffTrust(absolute: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(absolute, 'r');
    const { size } = fstatSync(file);
    if (size > BYTES_MAX) return false;
    const buffer = Buffer.allocUnsafe(size);
    const text = buffer.subarray(0, readSync(file, buffer, 0, size, 0));
    // Most files are none, and that is told without making text of them.
    if (SUBJECTS.some((mark) => text.includes(mark)) && SUBJECT.test(text.toString())) return true;
    return MARKS.some((mark) => text.includes(mark)) && TRUST.test(text.toString());
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
