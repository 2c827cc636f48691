import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Secret } from '#core/secret.ts';
import type { PostureSource } from '../posture-source.ts';
import type { PostureSection } from './posture-section.ts';

/** What a source of postures may reach. */
export interface PostureReach {
  fetch: BoundedFetch;
  /** Hosts whose addresses may be private; git judges addresses by itself. */
  allowPrivateHosts: readonly string[];
  resolveSecret(reference: SecretReference): Promise<Secret>;
}

/** Makes the source of postures that a configuration asks for. */
export interface PostureOpener {
  /** What is wrong with the text of the gate's policy; empty when nothing is. */
  check: (file: string, text: string) => readonly ConfigurationProblem[];
  /** `policy` is the text of the gate's policy; undefined: the default one. */
  open(section: PostureSection, policy: string | undefined, reach: PostureReach): PostureSource;
}
