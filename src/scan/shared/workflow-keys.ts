/** Keys that GitHub accepts, by its pages “Workflow syntax” and “Metadata syntax” (state: 2026-11). */
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

export const COMPOSITE_STEP_KEYS = [...COMMON_STEP_KEYS, ...PARALLEL_STEP_KEYS];

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
