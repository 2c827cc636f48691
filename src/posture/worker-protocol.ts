import type { TaskAnswer, TaskRequest } from '#core/task-threads.ts';
import type { InspectionOutcome, InspectionTask } from './inspection-task.ts';

export type WorkerRequest = TaskRequest<InspectionTask>;
export type WorkerAnswer = TaskAnswer<InspectionOutcome>;
