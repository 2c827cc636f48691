import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Inspection } from '#api/inspection.ts';
import { Report } from '#api/report.ts';
import { reporter } from '#findings/reporters/json/reporter.ts';
import { plural } from '#findings/reporters/plain-text.ts';
import { severities } from '#findings/severity.ts';
import { DEFINITIONS_SCHEMA } from '#inventory/definition-upload.ts';
import { type AdminClient } from '../../client/admin-client.ts';
import { connectAsPerson } from '../../client/connect.ts';
import type { CommandStreams, GlobalOptions } from '../../command.ts';
import { CommandError } from '../../command-error.ts';
import { readJobTarget } from '../../findings/job-target.ts';
import { readGateContext } from '../../gate/gate-context.ts';
import { formatParagraph } from '../../layout.ts';
import { printable } from '../../output.ts';
import { readToolVersion } from '../../tool-version.ts';
import type { ToolScan } from '../tools/run-tools.ts';
import type { CollectedDefinitions } from './collect-definitions.ts';

const zip = promisify(gzip);
const NAMES_SHOWN = 5;

type Caller = CommandStreams & { readonly global: GlobalOptions };

export interface UploadOptions {
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
}

export interface UploadTarget {
  readonly repository: string;
  readonly commit: string;
  readonly branch: string | undefined;
}

function requireText(text: string | undefined, what: string, option: string): string {
  if (text !== undefined) return text;
  throw new CommandError('usage_invalid', `nobody says ${what} this is`, {
    remedy: `Give ${option}, or run it in a CI job, which says so itself.`,
  });
}

/** @throws {CommandError} before anything is scanned, when nobody says what it is. */
export function readUploadTarget(given: UploadOptions, root: string, { env }: Caller): UploadTarget {
  const job = readJobTarget(env);
  const context = readGateContext(
    root,
    { repository: undefined, ref: undefined, environment: undefined, 'default-ref': undefined },
    env,
  );
  return {
    repository: requireText(
      given.repository ?? job.repository,
      'which repository',
      '--repository owner/name',
    ),
    commit: requireText(given.commit ?? job.commit ?? context.commit, 'which commit', '--commit'),
    branch: given.branch ?? job.branch,
  };
}

function describeInspection({ findings, attackPaths, staticCredentials, inventory }: Inspection): string {
  const counts = severities
    .toReversed()
    .flatMap((each) => (findings[each] === 0 ? [] : [`${findings[each]} ${each}`]));
  const found = [
    counts.length === 0 ? 'no finding' : counts.join(', '),
    plural(attackPaths, 'attack path'),
    plural(staticCredentials, 'stored credential'),
  ].join('; ');
  const shown = {
    updated: '',
    'other-branch': ' The console shows the default branch, which this is not.',
    'newer-there': ' A newer inspection is there already.',
  }[inventory];
  return `${found}.${shown}`;
}

async function uploadToolReport(
  client: AdminClient,
  target: UploadTarget,
  scans: readonly ToolScan[],
  timeMs: number,
): Promise<Report> {
  const findings = scans.flatMap(({ repository }) => repository.findings);
  const problems = scans.flatMap(({ repository }) => repository.problems);
  const rules = scans.flatMap((scan) => scan.rules);
  const tools = scans.flatMap((scan) => scan.tools);
  const report = { findings, problems, rules, tools, filesScanned: 0, fileKinds: {}, notes: [] };
  const style = { color: false, columns: 80, toolVersion: readToolVersion(), timeMs };
  return await client.call({
    method: 'POST',
    path: '/v1/reports',
    // A part of its own: it closes nothing of what the server found itself.
    query: { ...target, name: 'scan --with', as: 'vouchgate', part: 'tools' },
    gzipped: await zip(reporter.render(report, style)),
    schema: Report,
  });
}

/** Hands definitions over, and says on stderr what the server made of them. */
export async function uploadDefinitions(
  collected: readonly CollectedDefinitions[],
  target: UploadTarget,
  tools: readonly ToolScan[],
  caller: Caller,
): Promise<void> {
  const [own, ...nested] = collected;
  const { stderr, global, clock } = caller;
  const say = (text: string) => {
    if (!global.quiet) stderr.write(formatParagraph('', printable(text)));
  };
  const client = await connectAsPerson(caller);
  const body = { schema: DEFINITIONS_SCHEMA, files: own?.files ?? [] };
  const inspection = await client.call({
    method: 'POST',
    path: '/v1/inspections',
    query: { ...target },
    gzipped: await zip(JSON.stringify(body)),
    schema: Inspection,
  });
  say(`uploaded ${plural(body.files.length, 'file')} to ${client.server}: ${describeInspection(inspection)}`);
  const left = own?.left ?? [];
  if (left.length > 0) say(`not uploaded, too large or too many: ${left.slice(0, NAMES_SHOWN).join(', ')}`);
  if (nested.length > 0)
    say(`${plural(nested.length, 'repository')} inside of this one: upload each by itself`);
  if (tools.length === 0) return;
  const report = await uploadToolReport(client, target, tools, clock.nowMs());
  const reported = report.counts.reduce((sum, count) => sum + count.reported, 0);
  say(`uploaded ${plural(reported, 'finding')} of other tools`);
}
