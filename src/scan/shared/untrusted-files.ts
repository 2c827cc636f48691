import { findHeadCheckout, findHeadFetch } from '#pipeline/github/head-references.ts';
import type { Step } from '#pipeline/model.ts';
import type { RuleContext } from '../rule.ts';
import { privilegedTriggers } from './outsider-taint.ts';

const DOWNLOADS = /\bgh\s+run\s+download\b|\bdownloadArtifact\b|\/artifacts\/[^\s]*\/zip\b/;

/** What brings files of outsiders into the workspace, in words; undefined when the step does not. */
function whatComesIn(step: Step, events: readonly string[]): string | undefined {
  const { work } = step;
  const follows = events.includes('workflow_run');
  if (work.kind === 'script') {
    if (follows && DOWNLOADS.test(work.text.value)) return 'an artifact of another run';
    return findHeadFetch(work, step) === undefined ? undefined : 'code of the pull request';
  }
  if (work.kind !== 'action') return undefined;
  const { repository } = work.reference;
  if (repository === 'actions/checkout') {
    return findHeadCheckout(work, step)?.certain === true ? 'code of the pull request' : undefined;
  }
  if (!follows) return undefined;
  const input = (name: string) => work.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value;
  const isDownload =
    repository === 'dawidd6/action-download-artifact' ||
    (repository === 'actions/download-artifact' && input('run-id') !== undefined) ||
    (repository === 'actions/github-script' && DOWNLOADS.test(input('script') ?? ''));
  return isDownload ? 'an artifact of another run' : undefined;
}

interface UntrustedFiles {
  readonly step: Step;
  readonly what: string;
  readonly event: string;
}

/** The step that brought outsiders' files in, up to and with this one, in a run that has secrets. */
export function findUntrustedFiles(step: Step, context: RuleContext): UntrustedFiles | undefined {
  const events = privilegedTriggers(step, context).map(({ event }) => event);
  const [event] = events;
  if (event === undefined) return undefined;
  for (const earlier of step.job.steps.slice(0, step.index + 1)) {
    const what = whatComesIn(earlier, events);
    const by = what === 'an artifact of another run' ? 'workflow_run' : event;
    if (what !== undefined) return { step: earlier, what, event: by };
  }
  return undefined;
}

const READS_FILE =
  /(?:^|[\s;&|(`"])(?:cat|head|tail|jq\s+(?:-r|--raw-output)\s+(?:'[^']*'|"[^"]*"|\S+))\s+(?!<<|-)["']?([\w./${}*-]+)|\$\(\s*<\s*["']?([\w./-]+)/;

/** The file whose text a command writes on; nothing when word splitting makes one line of it. */
export function findFileRead(payload: string): string | undefined {
  const match = READS_FILE.exec(payload);
  const file = match?.[1] ?? match?.[2];
  if (match === null || file === undefined || /^\/(?:etc|proc|sys|usr)\/|GITHUB_/.test(file))
    return undefined;
  const substituted = payload.slice(0, match.index + 3).match(/\$\(|`/) !== null;
  const quotes = payload.slice(0, match.index).split('"').length - 1;
  return substituted && quotes % 2 === 0 ? undefined : file;
}
