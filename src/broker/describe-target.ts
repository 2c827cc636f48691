import type { ExchangeRequest } from './exchange.ts';

/** As the configuration allows names, but with words that are too short for a key in hexadecimal. */
const NAME_LIKE = /^(?=.{1,63}$)[a-z][a-z0-9]{0,23}(?:-[a-z0-9]{1,24})*$/;

/**
 * What an unknown target is called in the record and in answers. A form with its values in the wrong fields has a
 * secret here, so only what can be a name is repeated, and of a URI neither user, path nor query.
 */
export function describeTarget(target: ExchangeRequest['target']): string {
  if ('name' in target) return NAME_LIKE.test(target.name) ? target.name : '(not a resource name)';
  const url = URL.parse(target.uri);
  if (url === null) return '(not a URI)';
  return `${url.protocol}${url.host === '' ? '' : `//${url.host.slice(0, 200)}/`}…`;
}
