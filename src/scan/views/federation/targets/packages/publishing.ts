import type { Job, Step } from '#pipeline/model.ts';
import { NeedsHand } from '../../patch/needs-hand.ts';
import type { StoredCredential, StoredUse } from '../../recognise/stored-use.ts';

const SCRIPT_CHARS_MAX = 100_000;
const ADDRESS = /https?:\/\/([a-z0-9.-]{1,253})/gi;
const PUBLISHES = /\b(?:publish|release|upload|push|changeset|deploy)\b/i;
/** Actions of which only the name says that they publish. */
const PUBLISHERS = /publish|release|changesets|login|credentials/;

function textsOf({ work }: Step): string[] {
  if (work.kind === 'script') return [work.text.value.slice(0, SCRIPT_CHARS_MAX)];
  return work.kind === 'action'
    ? work.inputs
        .filter(({ name }) => /regist|repository|server|source|feed/i.test(name))
        .flatMap(({ value }) => value?.value ?? [])
    : [];
}

function publishes(step: Step): boolean {
  const { work } = step;
  if (work.kind === 'action') return PUBLISHERS.test(work.reference.repository);
  return work.kind === 'script' && PUBLISHES.test(work.text.value.slice(0, SCRIPT_CHARS_MAX));
}

/** A step that sets up a tool may have named the registry for those after it. */
function addressesFor(job: Job, steps: readonly Step[]): string[] {
  const setUp = job.steps.filter(
    ({ work }) => work.kind === 'action' && /\/setup-/.test(work.reference.repository),
  );
  return [...steps, ...setUp]
    .flatMap(textsOf)
    .flatMap((text) => [...text.matchAll(ADDRESS)].map(([, host]) => host ?? ''));
}

/**
 * Only what publishes to the public registry can do without a token: one that fetches packages, or that is for
 * another registry, is needed. @throws {NeedsHand}
 */
export function requirePublishing({ job, uses }: StoredCredential, hosts: RegExp): void {
  const named = uses.flatMap(({ step }) => step ?? []);
  // A login in one step is for what a later one publishes.
  const isForAll = uses.some(({ step, place }) => step === undefined || place === 'script');
  const steps = isForAll ? job.steps : named;
  const hostsNamed = addressesFor(job, steps);
  if (hostsNamed.length > 0 && !hostsNamed.some((host) => hosts.test(host.toLowerCase())))
    throw new NeedsHand('it is for another registry, which has rules of its own');
  if (!steps.some(publishes)) throw new NeedsHand('nothing is seen to be published with it');
}

/** Twine, uv and PDM ask for an identity by themselves; of other tools, nobody knows that. */
export function requireTool({ uses }: StoredCredential, variables: RegExp): void {
  const isOther = ({ place, holder }: StoredUse): boolean => place !== 'input' && !variables.test(holder);
  if (uses.some(isOther))
    throw new NeedsHand('its tool cannot publish without a token: upload with `pypa/gh-action-pypi-publish`');
}
