import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';
import { gitlabScriptLines } from '../../shared/gitlab-configurations.ts';
import { findInstallations, type Installation } from './find-installation.ts';

export interface PlacedInstallation extends Installation {
  readonly text: Text;
  readonly span: Span;
}

/** The same in scripts of GitLab, each line once however many jobs run it. */
export function findInGitlab(repository: Repository): PlacedInstallation[] {
  return gitlabScriptLines(repository).flatMap(({ text }) => {
    const script = { kind: 'script', text, shell: undefined, workingDirectory: undefined } as const;
    return findInstallations(script).map((installation) => ({ ...installation, text }));
  });
}
