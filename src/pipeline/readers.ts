import { bitbucketReader } from './bitbucket/reader.ts';
import { argoReader } from './argo/reader.ts';
import { azureReader } from './azure/reader.ts';
import { circleciReader } from './circleci/reader.ts';
import { githubReader } from './github/reader.ts';
import { gitlabReader } from './gitlab/reader.ts';
import { jenkinsReader } from './jenkins/reader.ts';
import type { PlatformReader } from './reader.ts';
import { tektonReader } from './tekton/reader.ts';
import { woodpeckerReader } from './woodpecker/reader.ts';

/** All platforms, in the order in which they are asked. */
export const platformReaders: readonly PlatformReader[] = [
  // Their documents say what they are, and would pass for others’.
  tektonReader,
  argoReader,
  githubReader,
  gitlabReader,
  azureReader,
  circleciReader,
  bitbucketReader,
  jenkinsReader,
  woodpeckerReader,
];
