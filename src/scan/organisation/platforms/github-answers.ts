import { z } from 'zod';

/* Only what is used of GitHub's answers (REST API version 2022-11-28). */

export const RepositoryAnswer = z.object({
  full_name: z.string().max(300),
  default_branch: z.string().max(500),
  archived: z.boolean().default(false),
  disabled: z.boolean().default(false),
  private: z.boolean().default(true),
  size: z.number().default(0),
});
export type RepositoryAnswer = z.infer<typeof RepositoryAnswer>;

export const TreeAnswer = z.object({
  truncated: z.boolean().default(false),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      sha: z.string().regex(/^[0-9a-f]{40,64}$/),
      size: z.number().optional(),
    }),
  ),
});

export const BlobAnswer = z.object({ content: z.string(), encoding: z.enum(['base64', 'utf-8']) });

export const WorkflowPermissions = z.object({
  default_workflow_permissions: z.enum(['read', 'write']),
  can_approve_pull_request_reviews: z.boolean().default(false),
});

export const ActionsPermissions = z.object({
  enabled: z.boolean().default(true),
  allowed_actions: z.enum(['all', 'local_only', 'selected']).optional(),
});

export const ForkApproval = z.object({ approval_policy: z.string() });

export const Environments = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      protection_rules: z.array(z.object({ type: z.string() })).default([]),
      deployment_branch_policy: z.unknown().nullish(),
    }),
  ),
});

export const BranchRules = z.array(z.object({ type: z.string() }));
export const Branch = z.object({ protected: z.boolean() });

export const SecretNames = z.object({ secrets: z.array(z.object({ name: z.string() })) });

export const RunnerGroups = z.object({
  runner_groups: z.array(
    z.object({
      name: z.string(),
      visibility: z.string(),
      allows_public_repositories: z.boolean().default(false),
      restricted_to_workflows: z.boolean().default(false),
    }),
  ),
});
