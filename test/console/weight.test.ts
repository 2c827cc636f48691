import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildConsole } from './harness/built-console.ts';

/** Before any lazy route: what a browser loads until it shows something (issue 7). */
const FIRST_LOAD_BYTES_MAX = 250_000;
/** A page that waits for more than this behind a click is too heavy. */
const PAGE_BYTES_MAX = 400_000;

const Chunk = z.object({
  file: z.string(),
  isEntry: z.boolean().optional(),
  isDynamicEntry: z.boolean().optional(),
  imports: z.array(z.string()).optional(),
  css: z.array(z.string()).optional(),
  assets: z.array(z.string()).optional(),
});
const Manifest = z.record(z.string(), Chunk);
type Manifest = z.infer<typeof Manifest>;

/** Files of a chunk and of all that it imports; what it loads later does not count. */
function filesOf(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return new Set();
  seen.add(key);
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`the manifest has no ${key}`);
  const { file, css = [], assets = [], imports = [] } = chunk;
  return new Set([file, ...css, ...assets, ...imports.flatMap((each) => [...filesOf(manifest, each, seen)])]);
}

describe('the built console', { timeout: 180_000 }, () => {
  let folder: string;
  let manifest: Manifest;

  beforeAll(async () => {
    folder = await buildConsole();
    manifest = Manifest.parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')));
  }, 180_000);

  /** Compressed by gzip, which every browser takes; fonts are compressed as they are. */
  async function weigh(files: Iterable<string>): Promise<number> {
    let bytes = 0;
    for (const file of files) {
      const content = await readFile(path.join(folder, file));
      bytes += file.endsWith('.woff2') ? content.length : gzipSync(content).length;
    }
    return bytes;
  }

  it(`has a first load of less than ${FIRST_LOAD_BYTES_MAX / 1_000} kB, the font not counted`, async () => {
    const entry = Object.keys(manifest).filter((key) => manifest[key]?.isEntry === true);
    expect(entry).toEqual(['index.html']);
    const files = [...filesOf(manifest, 'index.html')].filter((file) => !file.endsWith('.woff2'));
    expect(files.some((file) => file.endsWith('.js'))).toBe(true);
    expect(await weigh([...files, 'index.html'])).toBeLessThan(FIRST_LOAD_BYTES_MAX);
  });

  it('has no page that loads more than it has to', async () => {
    const first = filesOf(manifest, 'index.html');
    const pages = Object.keys(manifest).filter((key) => manifest[key]?.isDynamicEntry === true);
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) {
      const more = [...filesOf(manifest, page)].filter((file) => !first.has(file));
      expect(await weigh(more), page).toBeLessThan(PAGE_BYTES_MAX);
    }
  });

  it('has nothing in its page that the content security policy would have to let in', async () => {
    const html = await readFile(path.join(folder, 'index.html'), 'utf8');
    expect(html).toContain('__CSP_NONCE__');
    for (const [, attributes = '', body = ''] of html.matchAll(/<script\b([^>]*)>([^<]*)</g)) {
      expect(attributes).toMatch(/\bsrc="\/console\//);
      expect(body.trim()).toBe('');
    }
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    expect(html).not.toMatch(/(?:src|href)="(?!\/console\/)/);
  });

  it('asks nobody but its own server: no address of another host is loaded by its code', async () => {
    const scripts = Object.values(manifest).map(({ file }) => file);
    for (const file of scripts.filter((each) => each.endsWith('.js'))) {
      const text = await readFile(path.join(folder, file), 'utf8');
      expect(text, file).not.toMatch(/\b(?:fetch|importScripts|import)\(["'`]https?:/);
      expect(text, file).not.toMatch(/\beval\(|new Function\(/);
    }
  });
});
