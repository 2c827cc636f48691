import { entropyOf } from '../checks/entropy.ts';
import { isMadeUp } from '../checks/made-up.ts';

/** What stands for a value that comes from elsewhere: variables, templates, calls, formats. */
const REFERENCE =
  /[$%]\{|\$\(|^\$[A-Za-z_]|\{\{|\}\}|^[<[{(]|^%[sdvq]|^%\w+%$|^\*+$|\(\)|process\.env|os\.environ|getenv|secrets\.|var\.|data\.|local\.|!Ref|^arn:|^https?:|^projects\/|^vault:|^ref\+|^op:\/\//i;
/** Words that say that there is no secret, or what kind there would be. */
const WORD =
  /^(?:true|false|null|none|nil|undefined|yes|no|on|off|string|number|boolean|object|array|text|password|passwd|passphrase|secret|token|required|optional|default|unknown|hidden|empty|test|testing|user|username|admin|root|guest|public|private|basic|bearer|anonymous|localhost|disabled|enabled|readonly|inherit|always|never|auto)[\w.-]{0,6}$/i;
const CHARS_MIN = 6;
const CHARS_MAX = 400;

/** Whether a value may be a secret: random or chosen, but not a word, a reference, a path, a date or code. */
export function isPlausibleValue(value: string): boolean {
  if (value.length < CHARS_MIN || value.length > CHARS_MAX) return false;
  if (REFERENCE.test(value) || WORD.test(value) || isMadeUp(value)) return false;
  if (/^[\d.,:/_-]{1,400}$/.test(value) && value.length < 16) return false;
  // A path, an address, a list of words, a constant.
  if (/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)/.test(value) || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value))
    return false;
  if (/^[a-z]+(?:[-_.:/ ][a-z]+)+$/i.test(value) || /^(?:[a-z]+|[A-Z][a-z]+)(?:[A-Z][a-z]+)+$/.test(value))
    return false;
  return entropyOf(value) >= 2.2;
}
