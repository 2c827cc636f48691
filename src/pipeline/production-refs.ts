/** Branches from which teams release or deploy, by the names that they have nearly everywhere. */
const PRODUCTION =
  /^(?:main|master|trunk|default|\$default-branch|prod|production|live|stable|releases?|rel|deploy|next|alpha|beta|rc|canary|hotfix|maintenance|gh-pages|v?\d+(?:\.(?:\d+|x))*)(?:$|[-/_.*+[])|(?:^|[/_-])(?:prod|production)$/i;

/** Whether a name or a pattern of a branch is production's. */
export function isProductionBranch(name: string): boolean {
  return PRODUCTION.test(name.slice(0, 200).replace(/^refs\/heads\//, ''));
}
