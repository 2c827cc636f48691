import type { SecretRule } from './rule.ts';
import { cloudRules } from './rules/clouds.ts';
import { dataRules } from './rules/data.ts';
import { forgeRules } from './rules/forges.ts';
import { genericRules } from './rules/generic.ts';
import { identityRules } from './rules/identity.ts';
import { keyRules } from './rules/keys.ts';
import { messageRules } from './rules/messages.ts';
import { modelRules } from './rules/models.ts';
import { monitoringRules } from './rules/monitoring.ts';
import { networkRules } from './rules/networks.ts';
import { packageRules } from './rules/packages.ts';
import { paymentRules } from './rules/payments.ts';
import { pipelineRules } from './rules/pipelines.ts';
import { platformRules } from './rules/platforms.ts';
import { serviceRules } from './rules/services.ts';

/** Every form that we know. Where two match the same text, the one that stands first names it. */
export const rulePack: readonly SecretRule[] = [
  ...cloudRules,
  ...platformRules,
  ...forgeRules,
  ...pipelineRules,
  ...packageRules,
  ...modelRules,
  ...messageRules,
  ...paymentRules,
  ...monitoringRules,
  ...dataRules,
  ...identityRules,
  ...serviceRules,
  ...networkRules,
  ...keyRules,
  ...genericRules,
];
