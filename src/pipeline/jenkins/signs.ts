import { WEBHOOK_MARK } from './outside-values.ts';
import type { ProjectSigns } from './situations.ts';
import type { Unit } from './symbols.ts';
import { pathOfExpression } from './tree.ts';
import { visitTree } from './walk-tree.ts';

/** Only projects that follow branches and pull requests fill these. */
const BRANCH_SIGN =
  /^(?:env\.)?(?:CHANGE_\w{1,40}|BRANCH_NAME|TAG_NAME|BRANCH_IS_PRIMARY)$|^pullRequest(?:\.|$)/;
const REVIEW_SIGN =
  /^(?:env\.|params\.)?(?:(ghprb)[A-Z]\w{1,40}|(gitlab)(?:MergeRequest|Source|Target|Action|Trigger)\w{0,40})$/;
const REVIEW_TRIGGER: Readonly<Record<string, string>> = {
  ghprbTrigger: 'ghprb',
  githubPullRequests: 'the pull request builder',
  issueCommentTrigger: 'building on comments',
  gitlab: 'gitlab',
};
const TIMER = /^(?:cron|parameterizedCron|pollSCM)$/;

interface Found {
  multibranch: boolean;
  review: string | undefined;
  webhook: boolean;
  timer: boolean;
}

function readNames(unit: Unit, found: Found): void {
  visitTree(unit.script.statements, (expression) => {
    const path =
      expression.kind === 'name' || expression.kind === 'chain' ? pathOfExpression(expression) : undefined;
    if (path === undefined || path.length > 80) return;
    if (BRANCH_SIGN.test(path)) found.multibranch = true;
    const [, ghprb, gitlab] = REVIEW_SIGN.exec(path) ?? [];
    found.review ??= ghprb ?? gitlab;
    if (WEBHOOK_MARK.test(path)) found.webhook = true;
  });
}

/** What the file shows about the project in Jenkins that runs it. */
export function signsOf(unit: Unit): ProjectSigns {
  const found: Found = { multibranch: false, review: undefined, webhook: false, timer: false };
  readNames(unit, found);
  for (const { path } of unit.calls) {
    if (/^(?:changeRequest|buildingTag|branch|isPullRequest)$/.test(path)) found.multibranch = true;
    if (Object.hasOwn(REVIEW_TRIGGER, path)) found.review ??= REVIEW_TRIGGER[path];
    if (path === 'GenericTrigger') found.webhook = true;
    if (TIMER.test(path)) found.timer = true;
  }
  const hasParameters = unit.parameters.size > 0;
  const isPlain = /(?:^|\/)Jenkinsfile$/.test(unit.source.file) && !hasParameters && !found.timer;
  return {
    isMultibranch: found.multibranch || (isPlain && found.review === undefined && !found.webhook),
    reviewPlugin: found.review,
    hasWebhook: found.webhook,
    hasParameters,
    hasTimer: found.timer,
  };
}
