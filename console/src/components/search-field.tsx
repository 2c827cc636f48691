import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState } from 'react';

const WAIT_MS = 250;

/** Searches a moment after the last key; the address holds what is searched for. */
export function SearchField(props: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  placeholder?: string;
}) {
  const { label, value = '', onChange, placeholder } = props;
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  // Somebody else changed the address: back, forward, a saved filter.
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  const search = useDebouncedCallback((next: string) => onChange(next === '' ? undefined : next), WAIT_MS);
  const change = (next: string) => {
    setText(next);
    search(next);
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label="Clear" onClick={() => change('')} />
      }
      maxLength={200}
      w={{ base: '100%', xs: 280 }}
    />
  );
}
