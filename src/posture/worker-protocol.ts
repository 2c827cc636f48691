import type { InspectionOutcome, InspectionTask } from './inspection-task.ts';

/** Undefined asks the thread to load its rules, so that the first pipeline need not wait for them. */
export interface WorkerRequest {
  readonly id: number;
  readonly task: InspectionTask | undefined;
}

export type WorkerAnswer =
  | { readonly id: number; readonly outcome: InspectionOutcome | undefined }
  | { readonly id: number; readonly failed: string };
