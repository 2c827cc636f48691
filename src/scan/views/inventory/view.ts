import { defineView, type Network, type ViewedRepository, type ViewInput } from '../../view.ts';
import { readLockPins } from '../../pins/lock-pins.ts';
import { type ArchiveKnowledge, readArchiveKnowledge } from './archive-knowledge.ts';
import { collectParties } from './collect-parties.ts';
import { describe } from './describe.ts';
import type { Inventory, OsvReport } from './inventory.ts';
import { type Mirror, openMirror } from './mirror.ts';
import { askOsv, type OsvAnswer } from './osv/ask-api.ts';
import { indexAdvisories } from './osv/database.ts';
import { identifyPackage } from './osv/packages.ts';
import { readOsvFiles } from './osv/read-files.ts';
import { type Patch, pinAll } from './pin-patches.ts';
import { factsIn, sightingsIn, type Sources } from './sightings.ts';
import { applyUpdates } from './updates/apply-updates.ts';
import { planUpdates } from './updates/plan-updates.ts';

const ADDRESS = /^https?:\/\//;

function reportFiles(place: string | undefined): { answer: OsvAnswer; report: OsvReport } | undefined {
  if (place === undefined) return undefined;
  const read = readOsvFiles(place);
  const report: OsvReport = {
    from: 'files',
    advisories: read.advisories.length,
    unreadable: read.unreadable,
  };
  return { answer: { ...read, packages: 0, missing: undefined }, report };
}

function reportAnswer(answer: OsvAnswer): { answer: OsvAnswer; report: OsvReport } {
  const { advisories, unreadable, packages, missing } = answer;
  const report: OsvReport = {
    from: 'api',
    advisories: advisories.length,
    unreadable,
    packages,
    ...(missing === undefined ? {} : { missing }),
  };
  return { answer, report };
}

/** What GitHub’s own lock file pins, and what the mirror knows. */
function pinsFor({ root }: ViewedRepository, mirror: Mirror | undefined) {
  const lock = root === '' ? undefined : readLockPins(root);
  if (mirror === undefined && lock === undefined) return undefined;
  return {
    knows: (repository: string) => mirror?.knows(repository) === true,
    resolve: (reference: Parameters<Mirror['resolve']>[0]) =>
      mirror?.resolve(reference) ?? lock?.resolve(reference),
  };
}

/** Updates first, then pins on top of them, so that a file is written once. */
function writeAll(
  repositories: readonly ViewedRepository[],
  sources: Sources,
  asOfMs: number,
): Pick<Inventory, 'updates' | 'patches'> {
  const factsAbout = factsIn(repositories, sources);
  const updated = repositories.map((each) => {
    const pins = pinsFor(each, sources.mirror);
    return applyUpdates(
      each,
      planUpdates(sightingsIn([each], sources.mirror), factsAbout, sources.osv, pins),
      sources,
      asOfMs,
    );
  });
  const moved = updated.flatMap(({ repository }, index) => changedFiles(repositories[index], repository));
  const pinned =
    sources.mirror === undefined
      ? []
      : pinAll(
          updated.map(({ repository }) => repository),
          sources.mirror,
          asOfMs,
        );
  const patches = new Map([...moved, ...pinned].map((each) => [each.file, each]));
  return { updates: updated.flatMap(({ updates }) => updates), patches: [...patches.values()] };
}

function changedFiles(before: ViewedRepository | undefined, after: ViewedRepository): Patch[] {
  const texts = new Map(before?.scan.repository.files.map(({ source }) => [source.file, source.text]));
  return after.scan.repository.files.flatMap(({ source: { file, text } }) =>
    texts.get(file) === text ? [] : [{ file: `${after.prefix}${file}`, text }],
  );
}

function build({ repositories, inputs, asOfMs }: ViewInput, asked?: OsvAnswer): Inventory {
  const { osv: place, mirror: mirrorFolder, github } = inputs;
  const isAddress = place !== undefined && ADDRESS.test(place);
  const read = asked === undefined ? reportFiles(isAddress ? undefined : place) : reportAnswer(asked);
  const archives: ArchiveKnowledge | undefined =
    github === undefined ? undefined : readArchiveKnowledge(github);
  const sources: Sources = {
    osv: read === undefined ? undefined : indexAdvisories(read.answer.advisories),
    mirror: mirrorFolder === undefined ? undefined : openMirror(mirrorFolder),
    archives,
  };
  const sightings = sightingsIn(repositories, sources.mirror);
  return {
    parties: collectParties(sightings, factsIn(repositories, sources), sources.mirror),
    ...(read === undefined ? {} : { osv: read.report }),
    mirror: sources.mirror !== undefined,
    ...(archives === undefined ? {} : { github: archives.repositories }),
    ...writeAll(repositories, sources, asOfMs),
  };
}

/** Every package that runs in a known version, under each name that it may have. */
function ask({ repositories, inputs }: ViewInput, network: Network): Promise<OsvAnswer> {
  const mirror = inputs['mirror'] === undefined ? undefined : openMirror(inputs['mirror']);
  const packages = sightingsIn(repositories, mirror).flatMap((each) => {
    const { ecosystem = '', names = [], version } = identifyPackage(each) ?? {};
    return version === undefined ? [] : names.map((name) => ({ ecosystem, name }));
  });
  const distinct = new Map(packages.map((each) => [`${each.ecosystem} ${each.name}`, each]));
  return askOsv(inputs['osv'] ?? '', [...distinct.values()], network);
}

export const view = defineView<Inventory, OsvAnswer>({
  id: 'inventory',
  summary: 'what comes from third parties, who owns it, and what it can reach',
  description:
    'Lists every action, reusable workflow, orb, image, template, task, plugin, library and downloaded tool of the pipelines: owner, version, how firmly it is pinned, how often and where it is used, what is known against it (compromised, vulnerable, archived, a name that imitates another), and what the jobs that run it hold: secrets, what their token can write, identity tokens, machines of one’s own. Sorted by risk: what is known, then how freely its owner can change it times what it holds.\n\n' +
    'Versions are compared strictly: a tag like `v4` that its owner moves along stands for the newest 4. A commit counts as the version in the comment behind it.\n\n' +
    'What has a known mistake is moved to the smallest version that no advisory is about, in the form in which it was written: a tag to a tag, a commit to the commit of the mended tag where the mirror knows it. Each update is read again before it is offered.',
  inputs: {
    osv: 'a folder or zip archive of advisories in the OSV format, one a JSON file (GitHub Actions, npm, PyPI, Go, crates.io, RubyGems, NuGet)',
    mirror:
      'a folder with git repositories of third parties (`owner/name`), to find impostor commits, to pin and to update pins',
    github:
      'a folder with GitHub’s answers about repositories (`gh api repos/OWNER/NAME`), one or a list of them a JSON file: which are archived',
  },
  addresses: { osv: 'https://api.osv.dev' },
  ask,
  build,
  describe,
  patches: ({ patches }) => patches,
});
