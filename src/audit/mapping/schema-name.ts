import { z } from 'zod';

/** `vouchgate`: the event as it was recorded. `ecs`: Elastic Common Schema. `ocsf`: Open Cybersecurity Schema Framework. */
export const SchemaName = z.enum(['vouchgate', 'ecs', 'ocsf']);
export type SchemaName = z.infer<typeof SchemaName>;
