import path from 'node:path';
import { z } from 'zod';
import { readOwnFile } from '../../../read-own-file.ts';
import { ScanConfigurationError } from '../../../scan-settings.ts';

/** Who a repository is, in the tokens of its jobs. What is not known is a word in capitals to be replaced. */
export interface RepositoryIdentity {
  /** `https://host`, of the platform. */
  readonly host: string;
  /** Owner or group path, and name. */
  readonly owner: string;
  readonly name: string;
  /** Ids that no rename changes. */
  readonly ownerId: string;
  readonly repositoryId: string;
  readonly defaultBranch: string;
}

const UNKNOWN: RepositoryIdentity = {
  host: 'https://github.com',
  owner: 'OWNER',
  name: 'REPOSITORY',
  ownerId: 'OWNER_ID',
  repositoryId: 'REPOSITORY_ID',
  defaultBranch: 'main',
};

/** `git@host:group/name.git`, `https://host/group/name`, `ssh://git@host/group/name`. */
const REMOTE =
  /^(?:https:\/\/|ssh:\/\/)?(?:[^@/\s]{1,300}@)?([\w.-]{1,253})(?::\d{1,5})?[:/]([\w./-]{1,300}?)\/([\w.-]{1,100}?)(?:\.git)?\/?$/;

function readQuietly(file: string): string | undefined {
  try {
    return readOwnFile(file);
  } catch {
    return undefined;
  }
}

/** What the checkout says about where it comes from; credentials in an address are never read further. */
function readRemote(root: string): Partial<RepositoryIdentity> {
  const config = root === '' ? undefined : readQuietly(path.join(root, '.git', 'config'));
  const [, origin = ''] = /\[remote "origin"\]([^[]{0,4000})/.exec(config ?? '') ?? [];
  const [, url = ''] = /^\s*url\s*=\s*(\S{1,600})\s*$/m.exec(origin) ?? [];
  const [, host, owner, name] = REMOTE.exec(url) ?? [];
  if (host === undefined || owner === undefined || name === undefined) return {};
  return { host: `https://${host.toLowerCase()}`, owner, name };
}

function readDefaultBranch(root: string): Partial<RepositoryIdentity> {
  const head =
    root === '' ? undefined : readQuietly(path.join(root, '.git', 'refs', 'remotes', 'origin', 'HEAD'));
  const [, branch] = /^ref: refs\/remotes\/origin\/([\w./-]{1,200})\s*$/.exec(head ?? '') ?? [];
  return branch === undefined ? {} : { defaultBranch: branch };
}

const Word = z
  .string()
  .regex(/^[\w./@-]{1,300}$/, 'Letters, digits, and . _ - / @ only: it is written into policies.');
const Id = z.union([z.int().min(0).transform(String), Word]);

/**
 * Who a repository is by its full name, `owner/name`. What may not be written into a policy stays a word in capitals,
 * as somebody chose the name who need not mean well.
 */
export function identityOfName(fullName: string, branch: string | undefined): RepositoryIdentity {
  const cut = fullName.lastIndexOf('/');
  const parts = {
    owner: fullName.slice(0, Math.max(0, cut)),
    name: fullName.slice(cut + 1),
    defaultBranch: branch,
  };
  const known = Object.entries(parts).filter(([, text]) => Word.safeParse(text).success);
  return { ...UNKNOWN, ...Object.fromEntries(known) };
}

/** `--with identity=FILE`: what a checkout does not say. */
const GivenIdentity = z.strictObject({
  host: z
    .string()
    .regex(/^https:\/\/[\w.-]{1,253}(?::\d{1,5})?$/, 'An address like `https://gitlab.example`.')
    .optional(),
  owner: Word.optional(),
  name: Word.optional(),
  ownerId: Id.optional(),
  repositoryId: Id.optional(),
  defaultBranch: Word.optional(),
});

function parseGiven(text: string): z.infer<typeof GivenIdentity> {
  return GivenIdentity.parse(JSON.parse(text));
}

/** @throws {ScanConfigurationError} for a file that is not there, or says something else. */
function readGiven(file: string | undefined): Partial<RepositoryIdentity> {
  if (file === undefined) return {};
  try {
    const given = parseGiven(readOwnFile(file) ?? '');
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  } catch (error) {
    throw new ScanConfigurationError(
      'scan_configuration_invalid',
      'the identity of the repository cannot be read',
      {
        location: file,
        remedy: `Give a JSON object with any of: ${Object.keys(UNKNOWN).join(', ')}.`,
        cause: error,
      },
    );
  }
}

export function readIdentity(root: string, identityFile: string | undefined): RepositoryIdentity {
  return { ...UNKNOWN, ...readDefaultBranch(root), ...readRemote(root), ...readGiven(identityFile) };
}
