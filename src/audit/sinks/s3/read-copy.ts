import { CopyError } from '../copy-error.ts';
import type { SinkContext } from '../sink.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import type { S3Settings } from './settings.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const PAGES_MAX = 1_000_000;

/** All texts of an element without children in an answer of S3; `encoding-type=url` keeps keys free of XML. */
function textsOf(xml: string, element: string): readonly string[] {
  const texts: string[] = [];
  const [open, close] = [`<${element}>`, `</${element}>`];
  for (let at = xml.indexOf(open); at >= 0; at = xml.indexOf(open, at)) {
    const end = xml.indexOf(close, at);
    if (end < 0) break;
    const text = xml.slice(at + open.length, end);
    texts.push(text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? ''));
    at = end;
  }
  return texts;
}

async function read(store: ObjectStore, path: string, query?: Readonly<Record<string, string>>) {
  const answer = await store.get(path, query);
  if ('status' in answer) return answer.body;
  throw new CopyError('copy_unreadable', answer.message);
}

async function* listKeys(store: ObjectStore, prefix: string): AsyncGenerator<string> {
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const xml = await read(store, '', {
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      ...(token === undefined ? {} : { 'continuation-token': token }),
    });
    for (const key of textsOf(xml, 'Key')) yield decodeURIComponent(key.replaceAll('+', ' '));
    token = textsOf(xml, 'NextContinuationToken')[0];
    if (token === undefined) return;
  }
}

/** Every object below the prefix, in the order of the log: whoever compares sees what is there too often, too. */
export async function* readCopy(settings: S3Settings, context: SinkContext): AsyncGenerator {
  const store = await openObjectStore(settings, context);
  for await (const key of listKeys(store, `${settings.prefix}events/`)) {
    const text = await read(store, key);
    for (const line of text.split('\n')) if (line.trim() !== '') yield line;
  }
}
