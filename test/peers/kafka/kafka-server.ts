import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateExample } from '#server/certificate.fake.ts';
import { messageOf } from '#core/errors.ts';
import { eventually, findFreePort } from '#test/e2e/harness/wait.ts';

const VERSION = '4.1.0';
const INSTALL_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 90_000;
const CLUSTER = 'vouchgatePeerTest00001';
/** Whom the broker knows, made up for each run. */
const USER = 'alice';

const folder = join(homedir(), '.cache', 'vouchgate', 'peers', `kafka-${VERSION}`);

const PROJECT = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peer</groupId><artifactId>kafka-peer</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
</dependencies></project>`;

/** Its jars by Maven, once into the user's cache; a text says why it cannot be had. */
export function installKafka(): { version: string } | { missing: string } {
  if (existsSync(join(folder, 'complete'))) return { version: VERSION };
  try {
    mkdirSync(folder, { recursive: true });
    const options = { cwd: folder, stdio: 'pipe', timeout: INSTALL_TIMEOUT_MS } as const;
    execFileSync('java', ['-version'], options);
    writeFileSync(join(folder, 'pom.xml'), PROJECT);
    execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], options);
    writeFileSync(join(folder, 'complete'), '');
    return { version: VERSION };
  } catch (error) {
    return { missing: messageOf(error).split('\n', 1)[0] ?? 'unknown' };
  }
}

export interface KafkaServer {
  /** Of each node: anybody, in the clear. */
  readonly clear: readonly [string, ...string[]];
  /** Over TLS, and with a name and a password by any of the three mechanisms. */
  readonly secure: readonly [string, ...string[]];
  readonly user: { readonly name: string; readonly password: string };
  readonly caFile: string;
  kill(node?: number): Promise<void>;
  start(node?: number): Promise<void>;
  stop(): Promise<void>;
}

interface Ports {
  readonly clear: number;
  readonly secure: number;
  readonly controller: number;
}

function propertiesOf(home: string, nodes: readonly Ports[], at: number, password: string): string {
  const { clear = 0, secure = 0, controller = 0 } = nodes[at] ?? {};
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return [
    'process.roles=broker,controller',
    `node.id=${at + 1}`,
    `controller.quorum.voters=${nodes.map((node, index) => `${index + 1}@127.0.0.1:${node.controller}`).join(',')}`,
    'controller.listener.names=CONTROLLER',
    `listeners=CLEAR://127.0.0.1:${clear},SECURE://127.0.0.1:${secure},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=CLEAR://127.0.0.1:${clear},SECURE://localhost:${secure}`,
    'listener.security.protocol.map=CLEAR:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name=CLEAR',
    'listener.name.secure.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_${USER}="${password}";`,
    `listener.name.secure.scram-sha-256.sasl.jaas.config=${scram}`,
    `listener.name.secure.scram-sha-512.sasl.jaas.config=${scram}`,
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${join(home, 'server.pem')}`,
    `log.dirs=${join(home, `data-${at}`)}`,
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    // A node that is gone is missed soon.
    'broker.heartbeat.interval.ms=500',
    'broker.session.timeout.ms=3000',
    '',
  ].join('\n');
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
}

const JAVA = ['-Xmx384m', '-cp', join(folder, 'lib', '*')];

/** One node that is broker and controller, with an empty store. */
class Node {
  readonly #properties: string;
  readonly #ports: Ports;
  #child: ChildProcess | undefined;

  constructor(properties: string, ports: Ports) {
    this.#properties = properties;
    this.#ports = ports;
  }

  format(password: string): void {
    const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${USER},password=${password}]`,
    ]);
    const args = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', this.#properties, ...scram];
    execFileSync('java', [...JAVA, ...args], { stdio: 'pipe', timeout: START_TIMEOUT_MS });
  }

  async start(): Promise<void> {
    const child = spawn('java', [...JAVA, 'kafka.Kafka', this.#properties], { stdio: 'ignore' });
    this.#child = child;
    await eventually('Kafka listens', START_TIMEOUT_MS, async () => {
      if (child.exitCode !== null) throw new Error(`Kafka ended with ${child.exitCode}`);
      const both = [isListening(this.#ports.clear), isListening(this.#ports.secure)];
      return (await Promise.all(both)).every(Boolean) ? true : undefined;
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    child.kill('SIGKILL');
    await ended;
  }
}

async function findPorts(): Promise<Ports> {
  return { clear: await findFreePort(), secure: await findFreePort(), controller: await findFreePort() };
}

/** A cluster in KRaft mode, each node broker and controller. */
export async function startKafka({ nodes: count = 1 } = {}): Promise<KafkaServer> {
  const home = await mkdtemp(join(tmpdir(), 'vouchgate-kafka-'));
  const ports: Ports[] = [];
  for (let at = 0; at < count; at += 1) ports.push(await findPorts());
  const password = `pw-${crypto.randomUUID()}`;
  const { certPem, keyPem } = certificateExample();
  const caFile = join(home, 'ca.pem');
  await writeFile(join(home, 'server.pem'), `${keyPem}${certPem}`);
  await writeFile(caFile, certPem);
  const nodes: Node[] = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await rm(home, { recursive: true, force: true });
  };
  try {
    for (const [at, own] of ports.entries()) {
      const properties = join(home, `server-${at}.properties`);
      await writeFile(properties, propertiesOf(home, ports, at, password));
      const node = new Node(properties, own);
      node.format(password);
      nodes.push(node);
    }
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const [first, ...others] = ports;
  if (first === undefined) throw new RangeError('a cluster has a node');
  return {
    clear: [`127.0.0.1:${first.clear}`, ...others.map(({ clear }) => `127.0.0.1:${clear}`)],
    secure: [`localhost:${first.secure}`, ...others.map(({ secure }) => `localhost:${secure}`)],
    user: { name: USER, password },
    caFile,
    kill: async (at = 0) => nodes[at]?.kill(),
    start: async (at = 0) => nodes[at]?.start(),
    stop,
  };
}
