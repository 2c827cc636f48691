import type { Binding } from '../bind/binding.ts';
import type { RepositoryIdentity } from '../bind/repository-identity.ts';
import { subjectsOf } from '../bind/subjects.ts';

/** A name that Terraform takes for a resource. */
export const terraformName = (name: string): string => name.replaceAll(/[^a-z0-9_]/gi, '_').toLowerCase();

/** Names come from scanned files: nothing in them may begin an interpolation or end the text. */
export const terraformText = (text: string): string =>
  JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');

export const terraformList = (texts: readonly string[]): string => `[${texts.map(terraformText).join(', ')}]`;

/** A comment with the other form of the subject, which a repository may have instead, never as well. */
export function otherFormComment(binding: Binding, identity: RepositoryIdentity): string {
  if (binding.platform !== 'github') return '';
  const subjects = subjectsOf(binding, identity, 'immutable');
  return [
    '# A repository that was made, renamed or moved since mid 2026 has ids in its subjects.',
    '# `gh api repos/OWNER/REPOSITORY/actions/oidc/customization/sub` tells. Then write, instead of and not beside it:',
    ...subjects.map((subject) => `#   ${subject}`),
    '',
  ].join('\n');
}
