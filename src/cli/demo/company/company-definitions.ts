import { readFileSync } from 'node:fs';
import { type CompanyRepository, definitionPath, PREVIEW_OPENED_AT_SHARE } from './company-repositories.ts';
import { atShare, type PlayedSpan } from './plan.ts';

const FOLDER = new URL('./repositories/', import.meta.url);

/** A definition, and the one that stood there until a share of the time had passed. */
interface Definition {
  readonly workflow: string;
  readonly before?: { readonly file: string; readonly untilShare: number };
}

/** Who changed what: one pipeline became dangerous, two were mended. */
const GITHUB: Readonly<Record<string, readonly Definition[]>> = {
  'acme/shop': [
    { workflow: 'deploy' },
    { workflow: 'preview', before: { file: 'preview.first', untilShare: PREVIEW_OPENED_AT_SHARE } },
  ],
  'acme/payments': [{ workflow: 'deploy' }, { workflow: 'settlement' }],
  'acme/infrastructure': [
    { workflow: 'terraform', before: { file: 'terraform.first', untilShare: 0.35 } },
    { workflow: 'drift' },
  ],
  'acme/mobile': [{ workflow: 'ci' }, { workflow: 'release' }],
  'acme/notifications': [{ workflow: 'deploy' }],
  'acme/design-system': [{ workflow: 'ci' }, { workflow: 'publish' }],
  'acme/docs': [{ workflow: 'pages', before: { file: 'pages.first', untilShare: 0.45 } }],
};

/** Text of a file beside this one: `payments`, `deploy.poisoned`. */
export function readDefinition(repository: CompanyRepository, file: string): string {
  const [, folder = ''] = repository.name.split('/');
  return readFileSync(new URL(`${folder}/${file}.yml`, FOLDER), 'utf8');
}

/** Files of the repository at that time: its pipelines, and who owns them. */
export function definitionsAt(
  repository: CompanyRepository,
  span: PlayedSpan,
  atMs: number,
): { path: string; text: string }[] {
  const owners = { path: '.github/CODEOWNERS', text: `* @acme/${repository.team}\n` };
  if (repository.platform === 'gitlab')
    return [owners, { path: definitionPath(repository, ''), text: readDefinition(repository, 'gitlab-ci') }];
  const definitions = (GITHUB[repository.name] ?? []).map(({ workflow, before }) => {
    const isBefore = before !== undefined && atMs < atShare(span, before.untilShare);
    const text = readDefinition(repository, isBefore ? before.file : workflow);
    return { path: definitionPath(repository, workflow), text };
  });
  return [owners, ...definitions];
}
