import type { ActionUse, Script, Step } from '../../model.ts';
import type { Repository } from '../../repository.ts';
import type { Span } from '../../source.ts';
import { majorVersionOf } from '../action-version.ts';

/** Files of another run, and where they were put. */
export interface Download {
  readonly span: Span;
  readonly step: Step;
  /** As `normalizeFolder` writes it: empty for the workspace itself; undefined when nobody says. */
  readonly folder: string | undefined;
}

/** One spelling for the places that a file can lie in: relative to the workspace, `~temp/…`, or absolute. */
export function normalizeFolder(path: string): string {
  return path
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^\$\{\{\s*runner\.temp\s*\}\}|^\$\{?(?:process\.env\.)?RUNNER_TEMP\}?/, '~temp')
    .replace(/^\$\{\{\s*github\.workspace\s*\}\}|^\$\{?(?:process\.env\.)?GITHUB_WORKSPACE\}?/, '.')
    .replace(/^(?:\.\/+)+|^\.$/, '')
    .replace(/\/+$/, '');
}

/** Whether a folder is a part of the workspace, where builds look for their files. */
export function isInWorkspace(folder: string | undefined): folder is string {
  return folder !== undefined && !/^(?:[~/$]|\.\.)/.test(folder);
}

const FETCHES_ARTIFACT =
  /\bgh\s+run\s+download\b|\barchive_download_url\b|\bartifacts_url\b|\/actions\/artifacts\b|\/artifacts\/[^\s/]{1,200}\/zip\b/;
const EXTRACTS = /\b(?:unzip|bsdtar|7z\s+x)\s|\btar\s+\S*x/;
const LINE_CHARS_MAX = 2_000;

function lineSpan(script: Script, pattern: RegExp): { line: string; span: Span } | undefined {
  let start = 0;
  for (const text of script.text.value.split('\n', 5_000)) {
    const match = pattern.exec(text.slice(0, LINE_CHARS_MAX));
    const end = start + text.length;
    if (match !== null) {
      const line = text.slice(match.index, LINE_CHARS_MAX);
      return { line, span: script.text.span(start + match.index, end) };
    }
    start = end + 1;
  }
  return undefined;
}

/** The value of an option: quoted, with an expression of the platform in it, or a plain word. */
function folderAfter(line: string, option: RegExp): string | undefined {
  const match = option.exec(line);
  const rest = match === null ? '' : line.slice(match.index + match[0].length).replace(/^[\s=]+/, '');
  return /^(?:"[^"]*"|'[^']*'|(?:\$\{\{[^}]{0,200}\}\}|[^\s;&|])+)/.exec(rest)?.[0];
}

/** Where the first archive is unpacked, in this step or a later one; undefined when none is. */
function findExtraction(step: Step): string | undefined {
  for (const { work } of step.job.steps.slice(step.index)) {
    const found = work.kind === 'script' ? lineSpan(work, EXTRACTS) : undefined;
    if (found !== undefined) return normalizeFolder(folderAfter(found.line, /\s(?:-d|-C|-o)/) ?? '.');
  }
  return undefined;
}

function readScript(script: Script, step: Step): Download | undefined {
  const found = lineSpan(script, FETCHES_ARTIFACT);
  if (found === undefined) return undefined;
  const direct = /^gh\s+run\s+download\b/.test(found.line);
  const target = folderAfter(found.line, /\s(?:-D|--dir)/);
  // Archives inside of the artifact are unpacked where the script says, which is what counts.
  const folder = findExtraction(step) ?? (direct ? normalizeFolder(target ?? '.') : undefined);
  return { span: found.span, step, folder };
}

/** Actions that find a run and take its artifacts, and the input that says where to; from their documentation. */
const FINDERS: Readonly<Record<string, string>> = {
  'dawidd6/action-download-artifact': 'path',
  'aochmann/actions-download-artifact': 'path',
  'bettermarks/action-artifact-download': 'path',
  'blablacar/action-download-last-artifact': 'path',
  'levonet/action-download-last-artifact': 'path',
  'marcofaggian/action-download-multiple-artifacts': 'paths',
  'redhat-plumbers-in-action/download-artifact': 'path',
};
/** From this version on it leaves runs of forks out, unless it is told the run. */
const DAWIDD6_WITHOUT_FORKS = 6;

function inputOf(use: ActionUse, name: string): string | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value.trim();
}

function takesFromForks(use: ActionUse): boolean {
  if (use.reference.repository !== 'dawidd6/action-download-artifact') return true;
  if (inputOf(use, 'allow_forks') === 'true' || inputOf(use, 'run_id') !== undefined) return true;
  return inputOf(use, 'allow_forks') === undefined && (majorVersionOf(use) ?? 0) < DAWIDD6_WITHOUT_FORKS;
}

function readAction(use: ActionUse, step: Step, repository: Repository): Download | undefined {
  const name = use.reference.repository;
  const at = { span: use.text.node, step };
  const folder = (input: string) => normalizeFolder(inputOf(use, input) ?? '.');
  if (name === 'actions/download-artifact') {
    return inputOf(use, 'run-id') === undefined ? undefined : { ...at, folder: folder('path') };
  }
  const finder = Object.hasOwn(FINDERS, name) ? FINDERS[name] : undefined;
  if (finder !== undefined) return takesFromForks(use) ? { ...at, folder: folder(finder) } : undefined;
  if (name === 'actions/github-script') {
    const fetches = /\bdownloadArtifact\b/.test(inputOf(use, 'script') ?? '');
    return fetches ? { ...at, folder: findExtraction(step) } : undefined;
  }
  const inner = repository.resolveStep(step)?.jobs.flatMap(({ steps }) => steps) ?? [];
  for (const each of inner) {
    // One level: an action that calls itself must not lead anywhere.
    const found = isLocal(each) ? undefined : findDownload(each, repository);
    if (found !== undefined) return { ...at, folder: found.folder };
  }
  return undefined;
}

function isLocal({ work }: Step): boolean {
  return work.kind === 'action' && work.reference.kind === 'local';
}

/** Files of another run that a step brings. */
export function findDownload(step: Step, repository: Repository): Download | undefined {
  const { work } = step;
  if (work.kind === 'script') return readScript(work, step);
  return work.kind === 'action' ? readAction(work, step, repository) : undefined;
}
