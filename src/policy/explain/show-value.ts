import { EntityName, type Extension, ExtensionValue, type Value, ValueSet } from '../engine/value.ts';
import { quoteCedar } from '../cedar-text.ts';

export const FACT_CHARS_MAX = 200;
const ITEMS_SHOWN_MAX = 10;

/**
 * Bounded text for a fact. Claims are chosen by strangers and facts end up in terminals: control characters
 * could rewrite what stands on the screen.
 */
export function clip(text: string): string {
  const printable = text
    .slice(0, FACT_CHARS_MAX + 1)
    .toWellFormed()
    .replaceAll(/\p{C}/gu, '\uFFFD');
  return printable.length <= FACT_CHARS_MAX ? printable : `${printable.slice(0, FACT_CHARS_MAX - 1)}…`;
}

export function showValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof EntityName) return `${value.type}::${quoteCedar(value.id)}`;
  if (value instanceof ExtensionValue) return showExtension(value.content);
  if (value instanceof ValueSet) return showList([...value.members.values()]);
  return `{${Object.keys(value).slice(0, ITEMS_SHOWN_MAX).join(', ')}}`;
}

export function showList(values: readonly Value[]): string {
  const shown = values.slice(0, ITEMS_SHOWN_MAX).map(showValue);
  if (values.length > shown.length) shown.push('…');
  return shown.join(', ');
}

function showExtension(content: Extension): string {
  switch (content.type) {
    case 'ipaddr': {
      const { version, address, prefix } = content.range;
      return version === 4 ? `${showIpv4(address)}/${prefix}` : `${showIpv6(address)}/${prefix}`;
    }
    case 'decimal': {
      const digits = (content.value < 0n ? -content.value : content.value).toString().padStart(5, '0');
      return `${content.value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
    }
    case 'datetime': {
      const date = new Date(Number(content.value));
      return Number.isNaN(date.getTime()) ? `${content.value}ms` : date.toISOString();
    }
    case 'duration':
      break;
  }
  return `${content.value}ms`;
}

function showIpv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
}

function showIpv6(address: bigint): string {
  const hex = address.toString(16).padStart(32, '0');
  return (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
}
