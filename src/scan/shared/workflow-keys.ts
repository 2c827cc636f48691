/** Keys that GitHub accepts, by its page “Workflow syntax” and “Metadata syntax” (state: 2026-11). */
export const WORKFLOW_KEYS = [
  'name',
  'run-name',
  'description',
  'on',
  'permissions',
  'env',
  'defaults',
  'concurrency',
  'jobs',
];

export const JOB_KEYS = [
  'name',
  'needs',
  'permissions',
  'if',
  'runs-on',
  'snapshot',
  'environment',
  'concurrency',
  'outputs',
  'env',
  'defaults',
  'steps',
  'timeout-minutes',
  'cancel-timeout-minutes',
  'strategy',
  'continue-on-error',
  'container',
  'services',
  'uses',
  'with',
  'secrets',
];

const COMMON_STEP_KEYS = [
  'id',
  'if',
  'name',
  'uses',
  'run',
  'working-directory',
  'shell',
  'with',
  'env',
  'continue-on-error',
];

/** Since 2026 steps can run side by side and be waited for. */
export const PARALLEL_STEP_KEYS = ['background', 'wait', 'wait-all', 'cancel', 'parallel'];

export const STEP_KEYS = [...COMMON_STEP_KEYS, 'timeout-minutes', ...PARALLEL_STEP_KEYS];
export const COMPOSITE_STEP_KEYS = [...COMMON_STEP_KEYS, ...PARALLEL_STEP_KEYS];

export const STRATEGY_KEYS = ['matrix', 'fail-fast', 'max-parallel'];

export const PERMISSION_SCOPES = [
  'actions',
  'artifact-metadata',
  'attestations',
  'checks',
  'code-quality',
  'contents',
  'copilot-requests',
  'deployments',
  'discussions',
  'drives',
  'id-token',
  'issues',
  'models',
  'organization-packages',
  'packages',
  'pages',
  'pull-requests',
  'repository-projects',
  'security-events',
  'statuses',
  'vulnerability-alerts',
];
