import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import type { InventoryStore, ListPosition, Page, PageRequest } from '#inventory/ports.ts';
import { SAMPLE_FILES, SAMPLE_MS, sampleRecord } from '#inventory/testing/sample-inspection.ts';
import type { OpenHarness, StorageHarness } from './fixtures.ts';

const DAY_MS = 86_400_000;
const everything = { scope: ALL_REPOSITORIES };
const some = (...patterns: string[]) => ({ scope: { kind: 'some', patterns } }) as const;
const release = SAMPLE_FILES.slice(1);

/** Every row, a page at a time. */
async function readAll<Row>(read: (page: PageRequest) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let after: ListPosition | undefined;
  do {
    const page = await read({ limit: 1, ...(after !== undefined && { after }) });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined);
  return rows;
}

export function describeInventory(open: OpenHarness): void {
  describe('inventory', () => {
    let harness: StorageHarness;
    let inventory: InventoryStore;
    beforeEach(async () => {
      harness = await open();
      ({ inventory } = harness.storage);
    });
    afterEach(() => harness.dispose());

    const names = async (filter: Parameters<InventoryStore['repositories']>[0]) =>
      (await inventory.repositories(filter, { limit: 50 })).rows.map(({ repository }) => repository);

    it('gives an inspection back as it was saved', async () => {
      const record = sampleRecord();
      expect(await inventory.save(record)).toBe(true);
      const [first] = record.pipelines;
      const file = first?.summary.file ?? '';
      expect((await inventory.repositories(everything, { limit: 5 })).rows).toEqual([record.repository]);
      expect(await inventory.repository('acme/shop')).toMatchObject({
        repository: 'acme/shop',
        coverage: { gaps: record.coverage.gaps },
        thirdParties: [{ name: 'some-org/setup' }],
      });
      const { rows } = await inventory.pipelines(everything, { limit: 5 });
      expect(rows).toMatchObject(record.pipelines.map(({ summary }) => ({ file: summary.file })));
      expect(await inventory.pipeline('acme/shop', file)).toMatchObject({
        file,
        point: { commit: record.repository.commit },
        attackPaths: [{ id: record.attackPaths[0]?.attack.id }],
        credentials: [{ kind: 'aws' }],
      });
      expect(await inventory.authority('acme/shop', file)).toMatchObject({ left: 0 });
      expect(await inventory.source('acme/shop', file)).toEqual(record.files[0]);
    });

    it('knows nothing of what was never inspected', async () => {
      const [name, file] = ['acme/none', 'a.yml'];
      expect(await inventory.repository(name)).toBeUndefined();
      expect(await inventory.pipeline(name, file)).toBeUndefined();
      expect(await inventory.authority(name, file)).toBeUndefined();
      expect(await inventory.source(name, file)).toBeUndefined();
      expect(await inventory.attackPath(name, 'x')).toBeUndefined();
      expect(await inventory.credential(name, 'x')).toBeUndefined();
      expect(await inventory.totals(ALL_REPOSITORIES)).toMatchObject({ repositories: 0, pipelines: 0 });
    });

    it('keeps the newest inspection alone, also when an older one comes late', async () => {
      await inventory.save(sampleRecord({ id: 'ins_2', atMs: SAMPLE_MS + 1 }, release));
      expect(await inventory.save(sampleRecord({ id: 'ins_1' }))).toBe(false);
      expect((await inventory.pipelines(everything, { limit: 5 })).rows).toHaveLength(1);
      expect(await inventory.save(sampleRecord({ id: 'ins_3', atMs: SAMPLE_MS + 2 }))).toBe(true);
      expect((await inventory.pipelines(everything, { limit: 5 })).rows).toHaveLength(2);
      expect(await inventory.purge()).toBe(0);
    });

    it('leaves one of two inspections that are saved at the same time, whole', async () => {
      const records = [
        sampleRecord({ id: 'ins_1' }),
        sampleRecord({ id: 'ins_2', atMs: SAMPLE_MS + 1 }, release),
      ];
      await Promise.all(records.map((record) => inventory.save(record)));
      expect((await inventory.pipelines(everything, { limit: 5 })).rows).toHaveLength(1);
      expect(await inventory.pipeline('acme/shop', '.github/workflows/release.yml')).toBeDefined();
      expect(await inventory.pipeline('acme/shop', '.github/workflows/preview.yml')).toBeUndefined();
    });

    describe('of several repositories', () => {
      beforeEach(async () => {
        for (const [repository, files] of [
          ['acme/shop', SAMPLE_FILES],
          ['acme/docs', release],
          ['acme0/other', release],
          ['Globex/100%_Web', SAMPLE_FILES],
        ] as const) {
          await inventory.save(sampleRecord({ repository, id: `ins_${repository}` }, files));
        }
      });

      it('lists the worst first, then by name, in pages that join', async () => {
        const rows = await readAll((page) => inventory.repositories(everything, page));
        expect(rows.map(({ repository }) => repository)).toEqual([
          'Globex/100%_Web',
          'acme/shop',
          'acme/docs',
          'acme0/other',
        ]);
        const pipelines = await readAll((page) => inventory.pipelines(everything, page));
        expect(pipelines).toHaveLength(6);
        expect(pipelines.slice(0, 2).every(({ attackPaths }) => attackPaths > 0)).toBe(true);
        expect(await readAll((page) => inventory.attackPaths(everything, page))).toHaveLength(2);
        const credentials = await readAll((page) => inventory.credentials(everything, page));
        expect(
          credentials.map(({ repository }) => repository).filter((each) => each === 'acme/shop'),
        ).toHaveLength(2);
      });

      it('shows nothing outside of a scope', async () => {
        expect(await names(some('acme/*'))).toEqual(['acme/shop', 'acme/docs']);
        expect(await names(some('acme/docs', 'Globex/*'))).toEqual(['Globex/100%_Web', 'acme/docs']);
        expect(await names(some())).toEqual([]);
        const { rows } = await inventory.pipelines(some('acme/docs'), { limit: 50 });
        expect(rows.map(({ repository }) => repository)).toEqual(['acme/docs']);
        expect((await inventory.attackPaths(some('acme/docs'), { limit: 50 })).rows).toEqual([]);
        expect((await inventory.credentials(some('acme/docs'), { limit: 50 })).rows).toHaveLength(1);
        expect(await inventory.totals(some('acme/*').scope)).toMatchObject({ repositories: 2, pipelines: 3 });
      });

      it('finds by a part of the name in any case, where % and _ are letters', async () => {
        expect(await names({ ...everything, search: 'SHOP' })).toEqual(['acme/shop']);
        expect(await names({ ...everything, search: '100%_w' })).toEqual(['Globex/100%_Web']);
        expect(await names({ ...everything, search: '%' })).toEqual(['Globex/100%_Web']);
        const found = await inventory.pipelines({ ...everything, search: 'preview' }, { limit: 50 });
        expect(found.rows).toHaveLength(2);
      });

      it('filters by platform, severity, kind, and who can start it', async () => {
        expect(await names({ ...everything, platforms: ['gitlab'] })).toEqual([]);
        expect(await names({ ...everything, platforms: ['github', 'gitlab'] })).toHaveLength(4);
        expect(await names({ ...everything, severities: ['critical'] })).toHaveLength(2);
        expect(await names({ ...everything, severities: [] })).toEqual([]);
        const open = await inventory.pipelines({ ...everything, outsiders: true }, { limit: 50 });
        expect(open.rows.map(({ file }) => file)).toEqual(Array(2).fill('.github/workflows/preview.yml'));
        const attacked = await inventory.pipelines({ ...everything, attacked: true }, { limit: 50 });
        expect(attacked.rows).toHaveLength(2);
        const npm = await inventory.credentials({ ...everything, kinds: ['npm'] }, { limit: 50 });
        expect(npm.rows).toHaveLength(4);
      });

      it('finds one attack path and one credential again', async () => {
        const [attack] = (await inventory.attackPaths(everything, { limit: 1 })).rows;
        const [credential] = (await inventory.credentials(everything, { limit: 1 })).rows;
        expect(await inventory.attackPath(attack?.repository ?? '', attack?.id ?? '')).toEqual(attack);
        expect(await inventory.credential(credential?.repository ?? '', credential?.id ?? '')).toEqual(
          credential,
        );
        expect(await inventory.attackPath('acme/docs', attack?.id ?? '')).toBeUndefined();
      });
    });

    it('counts each day what stood at its end', async () => {
      await inventory.save(sampleRecord({ id: 'ins_1', atMs: SAMPLE_MS }));
      await inventory.save(sampleRecord({ id: 'ins_2', atMs: SAMPLE_MS + 2 * DAY_MS }, release));
      await inventory.save(
        sampleRecord({ id: 'ins_3', atMs: SAMPLE_MS + DAY_MS, repository: 'acme/docs' }, release),
      );
      const days = await inventory.days(ALL_REPOSITORIES, SAMPLE_MS - DAY_MS, SAMPLE_MS + 3 * DAY_MS);
      expect(
        days.map(({ day, repositories, pipelines, attackPaths }) => [
          day,
          repositories,
          pipelines,
          attackPaths,
        ]),
      ).toEqual([
        ['2026-10-31', 0, 0, 0],
        ['2026-11-01', 1, 2, 1],
        ['2026-11-02', 2, 3, 1],
        ['2026-11-03', 2, 2, 0],
        ['2026-11-04', 2, 2, 0],
      ]);
      const later = await inventory.days(
        some('acme/docs').scope,
        SAMPLE_MS + 3 * DAY_MS,
        SAMPLE_MS + 3 * DAY_MS,
      );
      expect(later).toMatchObject([{ repositories: 1, pipelines: 1 }]);
    });

    it('keeps hostile names and texts as they are', async () => {
      const repository = 'a\\0000/__proto__';
      const record = sampleRecord({ repository, branch: '\ud800 \0 <script>', by: 'm\0' });
      await inventory.save(record);
      expect((await inventory.repositories(everything, { limit: 5 })).rows).toEqual([record.repository]);
      expect(await inventory.pipeline(repository, '__proto__')).toBeUndefined();
      expect(await inventory.pipeline(repository, record.pipelines[0]?.summary.file ?? '')).toBeDefined();
    });
  });
}
