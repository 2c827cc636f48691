import { evaluateExpression } from '#pipeline/guard.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { ActionUse, Job, Step } from '#pipeline/model.ts';
import { parseImageReference } from '#pipeline/reference.ts';
import type { Repository } from '#pipeline/repository.ts';
import { commandsOfText } from '#pipeline/shell-commands.ts';
import type { Place, Start } from '#pipeline/surface.ts';
import type { Text } from '#pipeline/text.ts';
import { situationsOfJob } from './github-starts.ts';
import { startsOfStep } from './job-surface.ts';

/** An image that a job hands to a registry, by its name without tag. */
export interface PushedImage extends Place {
  readonly name: string;
  /** Those in which it is handed over and not only built. */
  readonly starts: readonly Start[];
}

const COMMAND =
  /^(?:\S*\/)?(?:docker|podman|buildah|nerdctl)\s+(?:image\s+|manifest\s+)?push\s+(?:-\S+\s+){0,5}(\S{1,200})/;
const KANIKO = /\bexecutor\b[^\n]{0,600}?--destination(?:=|\s+)(\S{1,200})/;
const IMAGES_MAX = 20;

function inputOf(use: ActionUse, name: string): Text | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value;
}

/** The starts in which `push:` of an action is not certain to be off. */
function startsWithPush(step: Step, push: Text, repository: Repository): readonly Start[] {
  const [expression] = push.expressions;
  if (expression === undefined) return push.value === 'true' ? startsOfStep(step, repository) : [];
  const { parsed } = expression;
  if (!parsed.ok) return startsOfStep(step, repository);
  return situationsOfJob(step.job, repository, step)
    .filter(({ assume }) => evaluateExpression(parsed.root, assume) !== 'false')
    .map(({ start }) => start);
}

function nameOf(image: string): string {
  return parseImageReference(image.replaceAll(/["']/g, '').trim()).name.slice(0, 120);
}

/** Without the tag, whatever it is made of: `image:${{ github.sha }}`. */
function withoutTag(image: string): string {
  const cleaned = image.replaceAll(/["']/g, '').replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  const computed = /^([^$\s]{1,150}):[^/]*[${]/.exec(cleaned)?.[1];
  return computed ?? nameOf(cleaned);
}

/** Where the tags come from when another step makes them: `docker/metadata-action`. */
function namesFromMetadata({ job }: Step): string[] {
  return job.steps.flatMap(({ work }) => {
    if (work.kind !== 'action' || work.reference.repository !== 'docker/metadata-action') return [];
    return linesOf(inputOf(work, 'images')?.value).map((line) => line.replace(/^name=/, ''));
  });
}

/** Made of variables alone: it could be any image. */
function isUnknown(name: string): boolean {
  return /^["']?\$[^/]{0,200}$/.test(name);
}

function linesOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(/[\n,]/, IMAGES_MAX)
    .map((each) => each.trim())
    .filter(Boolean);
}

function pushedByAction(step: Step, use: ActionUse, repository: Repository): PushedImage[] {
  const push = inputOf(use, 'push');
  if (use.reference.repository !== 'docker/build-push-action' || push === undefined) return [];
  const tags = linesOf(inputOf(use, 'tags')?.value);
  const own = tags.filter((tag) => !/^\$\{\{[^}]*\}\}$/.test(tag));
  const names = own.length > 0 ? own.map(withoutTag) : namesFromMetadata(step).map(withoutTag);
  const place = { source: step.job.pipeline.source, span: use.text.node };
  const starts = startsWithPush(step, push, repository);
  return [...new Set(names)].filter((name) => !isUnknown(name)).map((name) => ({ name, starts, ...place }));
}

function pushedByScript(step: Step, text: Text, repository: Repository): PushedImage[] {
  if (!/\bpush\b|--destination/.test(text.value)) return [];
  const starts = startsOfStep(step, repository);
  return commandsOfText(text).flatMap(({ code, start }) => {
    const named = (COMMAND.exec(code) ?? KANIKO.exec(code))?.[1];
    if (named === undefined || /^[./-]/.test(named) || isUnknown(named)) return [];
    const place = { source: text.source, span: text.span(start, start + code.length) };
    return [{ name: withoutTag(named), starts, ...place }];
  });
}

function findImages(job: Job, repository: Repository): readonly PushedImage[] {
  return job.steps
    .flatMap((step) => {
      const { work } = step;
      if (work.kind === 'action') return pushedByAction(step, work, repository);
      return work.kind === 'script' ? pushedByScript(step, work.text, repository) : [];
    })
    .slice(0, IMAGES_MAX);
}

const imagesIn = memoize((repository: Repository) => memoize((job: Job) => findImages(job, repository)));

/** Images that a job hands to a registry; a bounded number. */
export function pushedImagesOf(job: Job, repository: Repository): readonly PushedImage[] {
  return imagesIn(repository)(job);
}
