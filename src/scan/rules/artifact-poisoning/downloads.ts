import type { ActionUse, Script, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { inputOf } from '../../shared/foreign-code.ts';

/** Files of another run, and where they were put. */
export interface Download {
  readonly span: Span;
  readonly step: Step;
  /** Relative to the workspace; empty when they lie on top of it, undefined when they lie outside of it. */
  readonly folder: string | undefined;
}

/** The part of a path that is in the workspace; undefined for the home and for temporary folders. */
function normalizeFolder(path: string): string | undefined {
  const cleaned = path
    .replace(/^["']|["']$/g, '')
    .replace(/^\$\{\{\s*github\.workspace\s*\}\}|^\$\{?GITHUB_WORKSPACE\}?/, '.')
    .replace(/^(?:\.\/+)+|^\.$/, '')
    .replace(/\/+$/, '');
  return /^(?:[~/$]|\.\.)/.test(cleaned) ? undefined : cleaned;
}

const FETCHES_ARTIFACT =
  /\bgh\s+run\s+download\b|\barchive_download_url\b|\bartifacts_url\b|\/actions\/artifacts\b/;
const EXTRACTS = /\b(?:unzip|bsdtar|7z\s+x)\s|\btar\s+\S*x/;

function option(line: string, pattern: RegExp): string | undefined {
  return pattern.exec(line)?.[1];
}

function lineSpan(script: Script, pattern: RegExp): { line: string; span: Span } | undefined {
  const match = pattern.exec(script.text.value);
  if (match === null) return undefined;
  const { value } = script.text;
  const end = value.indexOf('\n', match.index);
  const stop = end === -1 ? value.length : end;
  return { line: value.slice(match.index, stop), span: script.text.span(match.index, stop) };
}

/** Where the first archive is unpacked, in this step or a later one. */
function findExtraction(step: Step): string | undefined {
  for (const { work } of step.job.steps.slice(step.index)) {
    if (work.kind !== 'script') continue;
    const found = lineSpan(work, EXTRACTS);
    if (found !== undefined) return normalizeFolder(option(found.line, /\s(?:-d|-C|-o)\s*(\S+)/) ?? '.');
  }
  return undefined;
}

function readScript(script: Script, step: Step): Download | undefined {
  const found = lineSpan(script, FETCHES_ARTIFACT);
  if (found === undefined) return undefined;
  const direct = /\bgh\s+run\s+download\b/.test(found.line);
  const target = option(found.line, /\s(?:-D|--dir)[\s=]+(\S+)/);
  // Archives inside of the artifact are unpacked where the script says, which is what counts.
  const folder = findExtraction(step) ?? (direct ? normalizeFolder(target ?? '.') : undefined);
  return { span: found.span, step, folder };
}

function readAction(use: ActionUse, step: Step): Download | undefined {
  const { repository } = use.reference;
  const at = { span: use.text.node, step };
  const folder = () => normalizeFolder(inputOf(use, 'path') ?? '.');
  if (repository === 'actions/download-artifact') {
    return inputOf(use, 'run-id') === undefined ? undefined : { ...at, folder: folder() };
  }
  if (repository === 'dawidd6/action-download-artifact') return { ...at, folder: folder() };
  if (repository !== 'actions/github-script') return undefined;
  const fetches = /\bdownloadArtifact\b/.test(inputOf(use, 'script') ?? '');
  return fetches ? { ...at, folder: findExtraction(step) } : undefined;
}

/** Files of another run that a step brings. */
export function findDownload(step: Step): Download | undefined {
  const { work } = step;
  if (work.kind === 'script') return readScript(work, step);
  return work.kind === 'action' ? readAction(work, step) : undefined;
}
