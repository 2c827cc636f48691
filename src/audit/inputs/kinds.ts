import { cloudTrailFiles } from './cloudtrail/input.ts';
import { githubAuditLog } from './github/input.ts';
import { gitlabAuditEvents } from './gitlab/input.ts';
import { hec } from './hec/input.ts';
import type { InputKind } from './input.ts';
import { webhook } from './webhook/input.ts';

/** Every kind of input, by the `type` under which it stands in `vouchgate.yaml`. */
export const inputKinds: ReadonlyMap<string, InputKind> = new Map(
  [githubAuditLog, gitlabAuditEvents, cloudTrailFiles, hec, webhook].map((kind) => [kind.id, kind]),
);
