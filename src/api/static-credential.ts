import { z } from 'zod';
import { choiceParameters, pageParameters, searchParameter } from './inventory.ts';
import { listParameter, nameParameter } from './parameters.ts';

const way = z.object({
  patch: z.string().nullable().describe('A unified diff.'),
  reason: z.string().nullable().describe('Why there is none.'),
  files: z
    .array(z.object({ file: z.string(), text: z.string() }))
    .describe('What the other side has to be told; only where one credential is asked for.'),
});

export const StaticCredential = z.object({
  repository: z.string(),
  id: z.string(),
  pipeline: z.string(),
  line: z.int(),
  job: z.string(),
  kind: z.string(),
  kindName: z.string(),
  secrets: z.array(z.string()).describe('Names of the stored values, never what is in them.'),
  name: z.string(),
  boundTo: z.string(),
  warnings: z.array(z.string()),
  direct: way.describe('Straight to the other side.'),
  brokered: way.describe('Through this server.'),
});
export type StaticCredential = z.infer<typeof StaticCredential>;

export const StaticCredentialQuery = z.strictObject({
  search: searchParameter,
  repository: nameParameter.max(200).optional(),
  platform: choiceParameters.platform,
  kind: listParameter(nameParameter.max(60)).optional(),
  ...pageParameters,
});

export const StaticCredentialPage = z.object({
  credentials: z.array(StaticCredential),
  next: z.string().nullable(),
});
export type StaticCredentialPage = z.infer<typeof StaticCredentialPage>;
