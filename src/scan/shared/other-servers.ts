import type { Pipeline } from '#pipeline/model.ts';

/** Gitea and Forgejo read the same language with their own runners, events, keys and addresses. */
export function isForOtherServer({ file }: Pipeline): boolean {
  return /(?:^|\/)\.(?:gitea|forgejo)\//.test(file);
}
