import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromiumPath, startChromium } from '#test/console/harness/chromium.ts';
import { openConsoleSite } from '#test/console/harness/console-site.ts';
import { crawl } from '#test/console/harness/crawl.ts';
import { DESKTOP, PHONE, visit, type Visitor } from '#test/console/harness/visitor.ts';

const STARTS = ['/', '/first-run', '/sign-in'];
const SIZES = { wide: DESKTOP, phone: PHONE };
const SCHEMES = ['light', 'dark'] as const;
const DAYS = 28;

/** `/decisions/$id` as the name of a file. */
function fileNameOf(kind: string): string {
  const name = kind
    .replaceAll(/\$\w+/g, 'one')
    .replaceAll(/[^a-z0-9-]+/gi, '_')
    .replaceAll(/^_+|_+$/g, '');
  return name === '' ? 'overview' : name;
}

async function shoot(visitor: Visitor, folder: string, kind: string): Promise<void> {
  const { page } = visitor;
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await visitor.settled();
      await page.screenshot({
        path: path.join(folder, `${fileNameOf(kind)}.${size}.${colorScheme}.png`),
        fullPage: true,
      });
    }
  }
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: 'light' });
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { days: { type: 'string' } } });
const [folder] = positionals;
if (folder === undefined || chromiumPath === undefined) {
  process.stderr.write(
    'Usage: node tools/screenshots.ts FOLDER [--days N]; it needs Chromium on the PATH.\n',
  );
  process.exitCode = 2;
} else {
  await mkdir(folder, { recursive: true });
  const site = await openConsoleSite({ days: Number(values.days ?? DAYS) });
  const browser = await startChromium();
  try {
    const visitor = await visit(browser, site);
    const kinds = await crawl(visitor, STARTS, (kind) => shoot(visitor, folder, kind));
    process.stdout.write(`${kinds.length} pages in ${folder}\n`);
  } finally {
    await browser.close();
    await site.close();
  }
}
