import { githubReader } from './github/reader.ts';
import { gitlabReader } from './gitlab/reader.ts';
import type { PlatformReader } from './reader.ts';

/** All platforms, in the order in which they are asked. */
export const platformReaders: readonly PlatformReader[] = [githubReader, gitlabReader];
