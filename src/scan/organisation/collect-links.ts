import type { Finding } from '#findings/finding.ts';
import { isAtLeast } from '#findings/severity.ts';
import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { ActionUse, Job, Pipeline, Step } from '#pipeline/model.ts';
import { type ActionReference, parseImageReference } from '#pipeline/reference.ts';
import type { Repository } from '#pipeline/repository.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { findSecretUses } from '../graph/secret-uses.ts';
import { SELF_HOSTED_LABELS } from '../shared/hosted-runners.ts';
import type { OutgoingCall, RepositoryLinks, SharedUse } from './record.ts';

/** Of each kind, in one repository: a summary needs no more. */
const LINKS_MAX = 200;
const NAME_CHARS_MAX = 300;
const SCRIPT_CHARS_MAX = 200_000;
const DOCKER =
  /\b(?:docker|podman|buildah)\s+(push|pull)\s+(?:--?[a-z-]{1,30}(?:=\S{1,100})?\s+){0,5}([^\s;&|"'`]{1,300})/g;
/** They name a kind of machine, or none at all: two owners have two of them. */
const KINDS_OF_RUNNER = new Set([
  ...SELF_HOSTED_LABELS,
  'any',
  'none',
  'default',
  'docker',
  'shell',
  'ubuntu',
  'master',
  'node',
]);
const RUNNER_RULES = new Set(['self-hosted-runner', 'shared-agent-for-outsiders']);

/** What the findings of this repository say about what can be got at from it. */
class Exposure {
  readonly #secrets = new Set<string>();
  readonly #attacked = new Set<string>();
  readonly #runners = new Set<string>();

  constructor(findings: readonly Finding[]) {
    for (const { attack, locations, ruleId, severity, suppression } of findings) {
      if (suppression !== undefined) continue;
      const { file } = locations[0];
      if (RUNNER_RULES.has(ruleId) && isAtLeast(severity, 'medium')) this.#runners.add(file);
      if (attack === undefined || !isAtLeast(severity, 'high')) continue;
      this.#attacked.add(file);
      for (const reached of attack.reaches) this.#secrets.add(reached);
    }
  }

  isSecret(name: string): boolean {
    return this.#secrets.has(`secret ${name}`) || this.#secrets.has('every secret');
  }

  isAttacked(file: string): boolean {
    return this.#attacked.has(file);
  }

  isRunner(file: string): boolean {
    return this.#runners.has(file);
  }
}

/** Uses by name and file; where several are one, what holds for any of them holds. */
class Uses {
  readonly #known = new Map<string, SharedUse>();

  add(use: SharedUse): void {
    if (use.name === '' || use.name.length > NAME_CHARS_MAX) return;
    const key = `${use.name}\0${use.file}`;
    const known = this.#known.get(key);
    if (known === undefined && this.#known.size >= LINKS_MAX) return;
    const exposed = use.exposed || known?.exposed === true;
    const production = use.production || known?.production === true;
    this.#known.set(key, { ...use, exposed, production });
  }

  get all(): SharedUse[] {
    return [...this.#known.values()];
  }
}

class Collector {
  readonly #calls = new Map<string, OutgoingCall>();
  readonly #secrets = new Uses();
  readonly #pushes = new Uses();
  readonly #pulls = new Uses();
  readonly #runners = new Uses();
  readonly #exposure: Exposure;
  readonly #address: string | undefined;

  constructor(findings: readonly Finding[], address: string | undefined) {
    this.#exposure = new Exposure(findings);
    this.#address = address;
  }

  get links(): RepositoryLinks {
    return {
      calls: [...this.#calls.values()],
      secrets: this.#secrets.all,
      pushes: this.#pushes.all,
      pulls: this.#pulls.all,
      runners: this.#runners.all,
    };
  }

  #addCall(call: OutgoingCall): void {
    if (call.to === this.#address || call.to.length > NAME_CHARS_MAX || call.path.length > NAME_CHARS_MAX)
      return;
    const key = `${call.to}\0${call.path}\0${call.file}`;
    if (this.#calls.size < LINKS_MAX || this.#calls.has(key)) this.#calls.set(key, call);
  }

  #addReference(reference: ActionReference, pipeline: Pipeline): void {
    if (reference.kind !== 'repository') return;
    const open = pipeline.triggers.some(({ firedBy }) => isOutsider(firedBy));
    const { repository: to, path, pin } = reference;
    this.#addCall({ to, path, file: pipeline.file, floating: pin !== 'commit' && pin !== 'digest', open });
  }

  takePipeline(pipeline: Pipeline): void {
    if (isGitlabPipeline(pipeline)) {
      const open = pipeline.triggers.some(({ firedBy }) => isOutsider(firedBy));
      for (const { kind, text, files, pin } of pipeline.includes) {
        if (kind !== 'project') continue;
        for (const file of files) {
          const to = text.value.toLowerCase();
          const floating = pin !== 'commit' && pin !== 'digest';
          this.#addCall({ to, path: file.replace(/^\/+/, ''), file: pipeline.file, floating, open });
        }
      }
    }
    for (const job of pipeline.jobs) this.#takeJob(job);
  }

  #takeJob(job: Job): void {
    const { pipeline } = job;
    const { file } = pipeline;
    const production = job.environment !== undefined;
    if (job.call !== undefined) this.#addReference(job.call.reference, pipeline);
    for (const { name } of findSecretUses(job)) {
      if (name === undefined) continue;
      this.#secrets.add({ name, file, exposed: this.#exposure.isSecret(name), production });
    }
    this.#takeRunner(job, production);
    for (const image of [...job.services, ...(job.container === undefined ? [] : [job.container])]) {
      this.#addImage(this.#pulls, image.text.value, job);
    }
    for (const step of job.steps) this.#takeStep(step);
  }

  #takeRunner({ runner, pipeline: { file } }: Job, production: boolean): void {
    if (runner === undefined || runner.hosting === 'hosted') return;
    const labels = runner.labels.map(({ value }) => value.toLowerCase());
    const own = labels.filter((label) => !KINDS_OF_RUNNER.has(label) && !label.includes('${{'));
    // A label alone may be a larger hosted runner; beside `self-hosted` it is the organisation's own machine.
    if (runner.hosting !== 'self-hosted' && runner.group === undefined) return;
    const exposed = this.#exposure.isRunner(file);
    for (const name of own) this.#runners.add({ name, file, exposed, production });
  }

  #takeStep({ job, work }: Step): void {
    if (work.kind === 'action') {
      this.#addReference(work.reference, job.pipeline);
      if (work.reference.kind === 'image') this.#addImage(this.#pulls, work.reference.image?.name ?? '', job);
      this.#takeBuild(work, job);
    } else if (work.kind === 'script') {
      for (const [, verb, image = ''] of work.text.value.slice(0, SCRIPT_CHARS_MAX).matchAll(DOCKER)) {
        this.#addImage(verb === 'push' ? this.#pushes : this.#pulls, image, job);
      }
    }
  }

  #takeBuild({ inputs, reference }: ActionUse, job: Job): void {
    if (reference.repository !== 'docker/build-push-action') return;
    const input = (wanted: string) => inputs.find(({ name }) => name.toLowerCase() === wanted)?.value?.value;
    const push = input('push');
    if (push === undefined || push === 'false') return;
    for (const tag of (input('tags') ?? '').slice(0, SCRIPT_CHARS_MAX).split(/[\n,]/)) {
      this.#addImage(this.#pushes, tag.trim(), job);
    }
  }

  /** What is computed has no name here, except for the repository's own. */
  #addImage(uses: Uses, written: string, { environment, pipeline: { file } }: Job): void {
    const named =
      this.#address === undefined
        ? written
        : written.replace(/\$\{\{ {0,3}github\.repository {0,3}\}\}/g, this.#address);
    const colon = named.lastIndexOf(':');
    const plain = named.includes('$') && colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
    const { name } = parseImageReference(plain);
    // Without a folder it is everybody's, and what is still computed could be anything.
    if (!name.includes('/') || /[${}<>]/.test(name)) return;
    const exposed = this.#exposure.isAttacked(file);
    uses.add({ name: name.toLowerCase(), file, exposed, production: environment !== undefined });
  }
}

/** What one repository shares with others, by the names that they would use too. */
export function collectLinks(
  repository: Repository,
  findings: readonly Finding[],
  address: string | undefined,
): RepositoryLinks {
  const collector = new Collector(findings, address);
  for (const pipeline of repository.pipelines) collector.takePipeline(pipeline);
  return collector.links;
}
