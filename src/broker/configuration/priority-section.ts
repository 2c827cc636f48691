import { z } from 'zod';

const Factor = z.number().min(0).max(10);
const Points = z.number().min(0).max(100);

/**
 * Weights of the priority formula (`src/findings/priority`). The defaults make a critical finding with nothing known
 * about it a 54 (60 where the tool is sure), and leave room above for what is exploited, reachable and powerful.
 */
export const PrioritySection = z.strictObject({
  severity: z
    .strictObject({
      critical: Points.default(60),
      high: Points.default(45),
      medium: Points.default(25),
      low: Points.default(10),
      info: Points.default(2),
    })
    .prefault({})
    .describe('Points to begin with; the other weights are factors.'),
  confidence: z
    .strictObject({
      high: Factor.default(1),
      medium: Factor.default(0.9).describe('Also where the tool says nothing.'),
      low: Factor.default(0.6),
    })
    .prefault({})
    .describe('How sure the tool is.'),
  exploitability: z
    .strictObject({
      verified: Factor.default(1.6).describe('A secret that works, a flaw that was tried out.'),
      exploited: Factor.default(1.6).describe('In a catalogue of known exploited vulnerabilities.'),
      epssShare: Factor.default(0.6).describe('Times the EPSS probability, added to 1.'),
    })
    .prefault({})
    .describe('The strongest of these counts; 1 where no exploit is known.'),
  exposure: z
    .strictObject({
      confirmed: Factor.default(1.3).describe('Reached by a scanner from outside.'),
      internet: Factor.default(1.2),
      unknown: Factor.default(1),
      development: Factor.default(0.6).describe('Part of the build, not of what runs.'),
      test: Factor.default(0.4),
    })
    .prefault({})
    .describe('Who can get at it.'),
  reach: z
    .strictObject({
      production: Factor.default(1.5).describe(
        'Its pipelines got a credential for a privileged resource in the last 90 days.',
      ),
      credentials: Factor.default(1.25).describe('They got one for any other resource.'),
      unknown: Factor.default(1),
      none: Factor.default(0.8).describe('Somebody knows that they hold none; silence is no proof of it.'),
    })
    .prefault({})
    .describe('What the pipelines of the repository can do with the credentials of this server.'),
});
export type PrioritySection = z.infer<typeof PrioritySection>;
