import type { PostureResult } from '#api/posture.ts';
import type { InspectedPosture } from '#broker/posture-source.ts';
import type { Admission } from './admission.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { overloaded } from './request-body.ts';
import { momentOf, refusalOf } from './views.ts';

function postureView(posture: InspectedPosture): PostureResult {
  const { facts, inspectedAtMs, workflow, findings, reasons, ...rest } = posture;
  const { ageSeconds: _, reported, ...seen } = facts;
  return {
    outcome: 'known',
    ...seen,
    reported: reported ?? null,
    ...rest,
    workflow: workflow ?? null,
    inspectedAt: momentOf(inspectedAtMs),
    findings: [...findings],
    reasons: [...reasons],
  };
}

/** How the pipeline is that a token comes from. Costs at least a signature check, so it counts as an exchange. */
export function createPostureHandlers(
  { broker }: Pick<ServerDependencies, 'broker'>,
  admission: Admission,
): HandlersOf<'inspectPipeline'> {
  return {
    async inspectPipeline({ body }) {
      const release = admission.enter();
      if (release === undefined) throw overloaded();
      try {
        const inspection = await broker.inspect(body.token);
        if (!inspection.ok) return { value: { outcome: 'refused', refusal: refusalOf(inspection.refusal) } };
        const { value } = inspection;
        if (value.known) return { value: postureView(value.posture) };
        return { value: { outcome: 'unknown', reason: value.reason, retryable: value.retryable } };
      } finally {
        release();
      }
    },
  };
}
