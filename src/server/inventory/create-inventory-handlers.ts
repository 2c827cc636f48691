import type { Routes } from '#api/routes.ts';
import type { inventoryRoutes } from '#api/routes-inventory.ts';
import type { HandlersOf } from '../handler.ts';
import { createInspectionHandlers } from './inspections.ts';
import {
  createInventoryListHandlers,
  createPipelineHandlers,
  type InventoryHandlerOptions,
} from './inventory.ts';

type InventoryRoute = keyof typeof inventoryRoutes & keyof Routes;

/** Repositories, their pipelines, and the way that these get in. */
export function createInventoryHandlers(options: InventoryHandlerOptions): HandlersOf<InventoryRoute> {
  return {
    ...createInspectionHandlers(options),
    ...createInventoryListHandlers(options),
    ...createPipelineHandlers(options),
  };
}
