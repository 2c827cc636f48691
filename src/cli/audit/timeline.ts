import { TimelinePage, type TimelineEntry } from '#api/timeline.ts';
import { connectAsPerson } from '../client/connect.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeAll } from '../output.ts';
import { readLimit } from '../read-limit.ts';

const IDENTITIES = ['principal', 'actor', 'resource', 'project', 'run', 'decision'] as const;
const LIMIT = 100;
const TEXT_CHARS_MAX = 200;

/** What came from other systems must not write to a terminal: control and format characters become spaces. */
function plain(text: string): string {
  return text.slice(0, TEXT_CHARS_MAX).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

function columns(entry: TimelineEntry): string[] {
  if (entry.origin === 'vouchgate') {
    const { actor, type, resource = '', body } = entry.event;
    const denial = body['denial'];
    const code = denial instanceof Object ? Reflect.get(denial, 'code') : undefined;
    return ['vouchgate', actor.id, type, resource, typeof code === 'string' ? code : ''];
  }
  const { input, platform, actor, action, target, outcome } = entry.activity;
  const who = actor.id === undefined ? '?' : `${platform}/${actor.id}`;
  const named = actor.name === undefined ? who : `${who} (${actor.name})`;
  return [input, named, action, target ?? '', outcome === 'unknown' ? '' : outcome];
}

function line(entry: TimelineEntry): string {
  return `${[entry.time, ...columns(entry)].map(plain).join('  ').trimEnd()}\n`;
}

export const timeline = defineCommand({
  name: 'timeline',
  summary: 'print what was done by, to or through one identity, here and elsewhere, newest first',
  description:
    'Decisions of ours stand beside activity of the systems under `inputs:`, joined by who it was, never by address.',
  options: {
    principal: { value: 'id', description: 'a workload, as policies name it' },
    actor: { value: 'platform/id', description: 'who at a platform, by id: github/583231' },
    resource: { value: 'name', description: 'a resource of the configuration' },
    project: { value: 'platform/id', description: 'a repository at a platform, by id: github/74' },
    run: { value: 'platform/id', description: 'one run of a pipeline: github/9876' },
    decision: { value: 'id', description: 'one decision, and what was done with its credential' },
    before: { value: 'place', description: 'the next page, as the page before names it' },
    limit: { value: 'number', description: `how many (default: ${LIMIT})` },
  },
  examples: [
    {
      explanation: 'everything around one resource',
      command: 'vouchgate audit timeline --resource shop-db',
    },
  ],
  async run(context) {
    const { options, global, stdout, stderr } = context;
    const given = IDENTITIES.filter((name) => options[name] !== undefined);
    const [identity] = given;
    if (identity === undefined || given.length > 1) {
      throw new CommandError('usage_invalid', 'a timeline is of one identity', {
        remedy: `Give one of: ${IDENTITIES.map((name) => `--${name}`).join(', ')}.`,
      });
    }
    const client = await connectAsPerson(context);
    const page = await client.call({
      method: 'GET',
      path: '/v1/timeline',
      query: {
        [identity]: options[identity],
        before: options.before,
        limit: readLimit(options.limit) ?? LIMIT,
      },
      schema: TimelinePage,
    });
    if (global.format === 'json') {
      await writeAll(stdout, `${JSON.stringify(page)}\n`);
      return exitCodes.ok;
    }
    await writeAll(stdout, page.entries.map(line).join(''));
    if (page.indexed_through === null)
      await writeAll(stderr, 'Our own events are not in it: `inputs.timeline` is off.\n');
    if (page.next !== null) await writeAll(stderr, `More: --before ${page.next}\n`);
    return exitCodes.ok;
  },
});
