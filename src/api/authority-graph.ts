import { z } from 'zod';
import { FindingSeverity } from './finding.ts';
import { count } from './inventory.ts';

export const AuthorityNodeKind = z.enum([
  'actor',
  'trigger',
  'job',
  'code',
  'secret',
  'token',
  'identity',
  'environment',
  'runner',
  'cache',
  'artifact',
  'resource',
]);
export type AuthorityNodeKind = z.infer<typeof AuthorityNodeKind>;

export const AuthorityNode = z.object({
  id: z.string(),
  kind: AuthorityNodeKind,
  label: z.string(),
  trust: z.enum(['outsider', 'third-party', 'project']),
  attacked: FindingSeverity.nullable(),
  detail: z.string().nullable(),
  file: z.string().nullable(),
  line: z.int().nullable(),
});
export type AuthorityNode = z.infer<typeof AuthorityNode>;

export const AuthorityEdge = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.string(),
  reason: z.string().describe('Why the one leads to the other.'),
  file: z.string().nullable(),
  line: z.int().nullable(),
});
export type AuthorityEdge = z.infer<typeof AuthorityEdge>;

/** Who can make what run, and what it reaches: read from left to right. */
export const AuthorityGraph = z.object({
  nodes: z.array(AuthorityNode),
  edges: z.array(AuthorityEdge),
  left: count.describe('How much had no room.'),
});
export type AuthorityGraph = z.infer<typeof AuthorityGraph>;
