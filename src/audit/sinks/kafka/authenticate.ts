import type { SASLOptions } from '@platformatic/kafka';
import type { Secret } from '#core/secret.ts';
import type { KafkaClient } from './kafka-client.ts';
import type { KafkaSettings } from './settings.ts';

/** A broker names the number, and we do the work: without an end to it, it could keep us busy for hours. */
const ITERATIONS_MAX = 1_000_000;

type Authenticate = NonNullable<SASLOptions['authenticate']>;
type AuthenticateApi = Parameters<Authenticate>[2];
type Done = Parameters<Authenticate>[6];

/**
 * What the library does with an answer that makes no sense is to throw inside of a listener, which would end the
 * process: whoever can answer in place of a broker could stop the server.
 */
function guardAnswers(api: AuthenticateApi, done: Done): AuthenticateApi {
  const guarded: AuthenticateApi = Object.assign(
    (...[connection, bytes, answered]: Parameters<AuthenticateApi>) =>
      api(connection, bytes, (error, response) => {
        try {
          answered?.(error, response);
        } catch (cause) {
          done(cause instanceof Error ? cause : new Error('unknown'));
        }
      }),
    { async: api.async, key: api.key, version: api.version },
  );
  return guarded;
}

export function saslOptions(
  client: KafkaClient,
  { mechanism, username }: NonNullable<KafkaSettings['sasl']>,
  password: Secret,
): SASLOptions {
  const { saslPlain, saslScramSha, AuthenticationError } = client;
  const crypto: typeof saslScramSha.defaultCrypto = {
    ...saslScramSha.defaultCrypto,
    hi: (definition, secret, salt, iterations) =>
      iterations <= ITERATIONS_MAX
        ? saslScramSha.hi(definition, secret, salt, iterations)
        : Promise.reject(new AuthenticationError(`${iterations} iterations are too many`)),
  };
  return {
    mechanism,
    authenticate: (_mechanism, connection, api, _username, _password, _token, callback) => {
      let isDone = false;
      const done: Done = (error, response) => {
        if (isDone) return;
        isDone = true;
        callback(error, response);
      };
      const guarded = guardAnswers(api, done);
      const secret = password.reveal();
      if (mechanism === 'PLAIN') saslPlain.authenticate(guarded, connection, username, secret, done);
      else {
        const algorithm = mechanism === 'SCRAM-SHA-256' ? 'SHA-256' : 'SHA-512';
        saslScramSha.authenticate(guarded, connection, algorithm, username, secret, crypto, done);
      }
    },
  };
}
