const ACTION = /(?:^|[^a-z])(?:deploy(?:s|ment)?|release|publish|promote|rollout|ship|apply)(?:$|[^a-z])/;
const PRODUCTION = /(?:^|[^a-z])(?:prod|production|prd|live)(?:$|[^a-z])/;
const OTHER =
  /(?:^|[^a-z])(staging|stage|stg|dev|development|test|qa|uat|preview|sandbox|canary)(?:$|[^a-z])/;

/** What a job deploys to, as far as its name and those of its credentials tell; no key of CircleCI says it. */
export function deploymentOf(jobName: string, contexts: readonly string[]): string | undefined {
  const name = jobName.slice(0, 200).toLowerCase();
  if (!ACTION.test(name)) return undefined;
  if (PRODUCTION.test(name)) return 'production';
  const other = OTHER.exec(name)?.[1];
  if (other !== undefined) return other;
  return contexts.some((each) => PRODUCTION.test(each.slice(0, 200).toLowerCase()))
    ? 'production'
    : undefined;
}
