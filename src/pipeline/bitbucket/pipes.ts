import { type ActionReference, parseImageReference, type Pin } from '../reference.ts';
import type { SourceText } from '../source.ts';
import type { ImportUse } from '../surface.ts';
import type { ScalarNode } from '../yaml/node.ts';

const DOCKER = 'docker://';

/** A pipe is an image: `atlassian/aws-s3-deploy:1.1.0` by its repository, `docker://name:tag` by itself. */
function splitPipe(text: string): { name: string; version: string | undefined; pin: Pin } {
  const named = text.startsWith(DOCKER) ? text.slice(DOCKER.length) : text;
  if (/\$/.test(named)) return { name: named, version: undefined, pin: 'computed' };
  const { name, tag, digest, pin } = parseImageReference(named);
  return { name, version: tag ?? digest, pin };
}

export function pipeReference(pipe: ScalarNode): ActionReference {
  const { name, version, pin } = splitPipe(pipe.value);
  const isImage = pipe.value.startsWith(DOCKER);
  const repository = isImage ? '' : name.toLowerCase();
  return {
    kind: isImage ? 'image' : pin === 'computed' ? 'computed' : 'repository',
    repository,
    owner: repository.split('/')[0] ?? '',
    path: '',
    ref: version,
    pin,
    image: isImage ? parseImageReference(name) : undefined,
  };
}

export function pipeImport(pipe: ScalarNode, source: SourceText): ImportUse {
  const { name, version, pin } = splitPipe(pipe.value);
  const origin = /^(?:atlassian|bitbucketpipelines)\//.test(name) ? 'platform' : 'third-party';
  return { kind: 'pipe', name, version, pin, immutable: pin === 'digest', origin, source, span: pipe };
}
