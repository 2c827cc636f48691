import { describe, expect, it } from 'vitest';
import { SourceText } from '../source.ts';
import type { YamlNode } from '../yaml/node.ts';
import { findValue } from '../yaml/access.ts';
import { parseYaml } from '../yaml/parse.ts';
import {
  findInlineScript,
  readContainerPrivileges,
  readEnvCredentials,
  readPodPrivileges,
  readVolumeCredentials,
  toScript,
} from './containers.ts';
import { wordNode } from './manifest.ts';

function parse(text: string): { node: YamlNode | undefined; source: SourceText } {
  const source = new SourceText('a.yaml', text);
  return { node: parseYaml(source).documents[0], source };
}

describe('a script behind an option', () => {
  const scriptOf = (text: string): string | undefined => findInlineScript(parse(text).node)?.script.value;

  it('follows a shell in either list', () => {
    expect(scriptOf('{ command: [sh, -c], args: [make, extra] }')).toBe('make');
    expect(scriptOf('{ command: [/bin/bash], args: [-euxc, make] }')).toBe('make');
    expect(scriptOf('{ command: [bash, -c, make] }')).toBe('make');
    expect(scriptOf('{ command: [python3], args: [-c, "print(1)"] }')).toBe('print(1)');
    expect(scriptOf('{ command: [node, -e, "f()"] }')).toBe('f()');
  });

  it('is not what a shell takes from a file, and nothing without one', () => {
    expect(scriptOf('{ command: [sh, -e, run.sh] }')).toBeUndefined();
    expect(scriptOf('{ command: [kubectl], args: [-c, main] }')).toBeUndefined();
    expect(scriptOf('{ args: [] }')).toBeUndefined();
  });
});

it('knows what a script is written in when it is no shell', () => {
  const languageOf = (line: string): string | undefined => {
    const { node, source } = parse(`script: |\n  ${line}\n  x\n`);
    const scalar = wordNode(node, 'script');
    return scalar === undefined ? 'none' : toScript(scalar, source, () => []).shell?.value;
  };
  expect(languageOf('#!/usr/bin/env bash')).toBeUndefined();
  expect(languageOf('#!/bin/sh -e')).toBeUndefined();
  expect(languageOf('set -eu')).toBeUndefined();
  expect(languageOf('#!/usr/bin/env python3')).toBe('python3');
  expect(languageOf('#!/usr/bin/env -S deno run')).toBe('deno');
});

it('reads secrets of the environment and of volumes that are mounted', () => {
  const { node, source } = parse(`
container:
  env:
    - { name: A, valueFrom: { secretKeyRef: { name: cloud, key: token } } }
    - { name: B, valueFrom: { configMapKeyRef: { name: plain, key: x } } }
    - { name: C, valueFrom: { secretKeyRef: { name: "{{ git_auth_secret }}", key: token } } }
  envFrom: [{ secretRef: { name: all } }, { configMapRef: { name: plain } }]
  volumeMounts: [{ name: v }, { name: t }]
volumes:
  - { name: v, secret: { secretName: files } }
  - { name: w, secret: { secretName: unused } }
  - { name: t, projected: { sources: [{ serviceAccountToken: { audience: sts, path: token } }] } }
`);
  const container = findValue(node, 'container');
  const names = [
    ...readEnvCredentials(container, source),
    ...readVolumeCredentials(findValue(node, 'volumes'), container === undefined ? [] : [container], source),
  ].map(({ kind, name }) => `${kind} ${name}`);
  expect(names).toEqual([
    'secret cloud/token',
    'platform-token git_auth_secret',
    'secret-group all',
    'secret files',
    'identity-token sts',
  ]);
});

it('reads what lets a pod out of its box', () => {
  const { node, source } = parse(`
hostNetwork: true
hostPID: false
securityContext: { privileged: true, runAsUser: 0, capabilities: { add: [NET_BIND_SERVICE, SYS_ADMIN] } }
volumes:
  - { name: a, hostPath: { path: /var/run/docker.sock } }
  - { name: b, hostPath: { path: /data } }
  - { name: c, emptyDir: {} }
`);
  const uses = [
    ...readContainerPrivileges(node, source),
    ...readPodPrivileges(node, findValue(node, 'volumes'), source),
  ];
  expect(uses.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
    'privileged: a privileged container',
    'privileged: the capability SYS_ADMIN',
    'root: a container that runs as root',
    'host-network: the machine’s own network',
    'docker-socket: /var/run/docker.sock',
    'host-path: /data',
  ]);
});
