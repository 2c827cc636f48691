import { StoreError } from '#core/store-error.ts';

/** What a primary key does. @throws StoreError `store_refused` */
export function refuseTaken(rows: ReadonlyMap<string, unknown>, key: string): void {
  if (!rows.has(key)) return;
  throw new StoreError('store_refused', 'The store refused one value of the write.', {
    remedy: 'Its id is taken; trying again does not help.',
  });
}
