import { AppError } from './errors.ts';

/**
 * `store_full`, `store_read_only` and `store_unavailable` pass by themselves once the cause is gone; no restart needed.
 * `store_refused`: this one value cannot be kept (too large, or its id is taken); trying again does not help.
 */
export type StoreErrorCode =
  | 'store_unavailable'
  | 'store_full'
  | 'store_read_only'
  | 'store_corrupt'
  | 'store_version_unknown'
  | 'store_locked'
  | 'store_refused';

export class StoreError extends AppError<StoreErrorCode> {}
