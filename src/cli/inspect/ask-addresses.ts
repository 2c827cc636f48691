import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBoundedFetch, type FetchTrust } from '#core/bounded-fetch.ts';
import type { View, ViewInput } from '#scan/view.ts';
import type { CommandContext } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { isLoopbackHost } from '../client/server-url.ts';

const ADDRESS = /^https?:\/\//i;

/** The address that `--with name=…` stands for; undefined when it is a file. Throws for one that is not to be asked. */
export function readAddress(name: string, written: string, { addresses = {}, id }: View): string | undefined {
  const usual = Object.hasOwn(addresses, name) ? addresses[name] : undefined;
  if (written === 'api' && usual !== undefined) return usual;
  if (!ADDRESS.test(written)) return undefined;
  if (usual === undefined)
    throw new CommandError('usage_invalid', `--with ${name}= of ${id} is no address`, {
      remedy: 'Give it a file or a folder.',
    });
  const url = URL.parse(written);
  const isPlain =
    url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (isPlain && (url.protocol === 'https:' || isLoopbackHost(url.hostname)))
    return url.href.replace(/\/+$/, '');
  throw new CommandError(
    'usage_invalid',
    `--with ${name}= takes an https address without a name, password or query`,
    {
      remedy: `Write --with ${name}=api for ${usual}, or the https address of a mirror of it.`,
    },
  );
}

/** A server that was named by hand may well stand in a private network; the usual one does not. */
function trustFor({ addresses = {} }: View, { inputs }: ViewInput, caFile: string | undefined): FetchTrust {
  const given = Object.entries(addresses).flatMap(([name, usual]) => {
    const address = inputs[name];
    return address === undefined || address === usual || !ADDRESS.test(address) ? [] : [new URL(address)];
  });
  const allowPrivateHosts = given.map(({ host, hostname, port }) => (port === '' ? hostname : host));
  return { allowPrivateHosts, ...(caFile === undefined ? {} : { caPem: readFileSync(caFile, 'utf8') }) };
}

/** What a view learns from the addresses that it was given; undefined where it was given none. */
export async function askAddresses(
  { global, clock, log, env }: Pick<CommandContext, 'global' | 'clock' | 'log' | 'env'>,
  view: View,
  input: ViewInput,
): Promise<unknown> {
  const isAsked = Object.keys(view.addresses ?? {}).some((name) => ADDRESS.test(input.inputs[name] ?? ''));
  if (!isAsked || view.ask === undefined) return undefined;
  const proxyUrl = env['HTTPS_PROXY'] ?? env['https_proxy'] ?? '';
  const bounded = createBoundedFetch({
    clock,
    log,
    trust: trustFor(view, input, global.caFile),
    ...(URL.canParse(proxyUrl) ? { proxyUrl } : {}),
  });
  try {
    return await view.ask(input, { fetch: bounded.fetch, clock, sleep: (durationMs) => sleep(durationMs) });
  } finally {
    await bounded.close();
  }
}
