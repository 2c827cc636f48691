import type { RepositoryScan } from '#scan/scan-repository.ts';
import { coverRepository } from '#scan/views/coverage/view.ts';
import { collectParties } from '#scan/views/inventory/collect-parties.ts';
import type { Party } from '#scan/views/inventory/party.ts';
import { factsIn, sightingsIn } from '#scan/views/inventory/sightings.ts';
import type { Coverage, ThirdParty } from './inspected-repository.ts';
import { shorten } from './show-text.ts';

const PARTIES_MAX = 200;
const TESTS_MAX = 300;
const WORDS_MAX = 20;

const words = (texts: readonly string[]): string[] =>
  texts.slice(0, WORDS_MAX).map((each) => shorten(each, 200));

function describeParty({
  kind,
  name,
  owner,
  versions,
  uses,
  places,
  authority,
  marks,
  risk,
}: Party): ThirdParty {
  return {
    kind,
    name: shorten(name, 200),
    owner: shorten(owner, 120),
    versions: versions.slice(0, WORDS_MAX).map(({ version, pin }) => ({
      version: version === undefined ? undefined : shorten(version, 120),
      pin,
    })),
    uses,
    places: words(places),
    credentials: words(authority.credentials),
    writes: words(authority.writes),
    marks: words(marks.map(({ what }) => what)),
    risk,
  };
}

/** What comes from others, the riskiest first. Known from the files alone: no network, no mirror. */
export function findThirdParties(scan: RepositoryScan): ThirdParty[] {
  const viewed = [{ prefix: '', root: '', scan }];
  const sources = { osv: undefined, mirror: undefined, archives: undefined };
  const parties = collectParties(sightingsIn(viewed, undefined), factsIn(viewed, sources), undefined);
  return parties.slice(0, PARTIES_MAX).map(describeParty);
}

/** Which security tests run, and what is missing. */
export function describeCoverage(scan: RepositoryScan): Coverage {
  const { tests, gaps, releases } = coverRepository({ prefix: '', scan });
  return {
    tests: tests.slice(0, TESTS_MAX).map((test) => ({
      tool: shorten(test.tool, 120),
      kinds: test.kinds,
      pipeline: test.pipeline,
      job: shorten(test.job, 120),
      place: shorten(test.place),
      moments: test.moments,
      stops: test.stops,
      ignoredBecause: test.ignoredBecause === undefined ? undefined : shorten(test.ignoredBecause),
      guardsRelease: test.guardsRelease,
    })),
    gaps: gaps.map(({ kind, what, change }) => ({ kind, what: shorten(what), change: shorten(change) })),
    releases: releases.slice(0, TESTS_MAX).map(({ job, what, guarded }) => ({
      job: shorten(job, 200),
      what: shorten(what, 200),
      guarded,
    })),
  };
}
