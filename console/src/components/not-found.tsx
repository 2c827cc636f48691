import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { EmptyState } from './empty-state.tsx';

export function NotFound() {
  return (
    <EmptyState
      title="There is no such page"
      icon={Compass}
      action={
        <Button renderRoot={(root) => <Link to="/" {...root} />} variant="light">
          To the overview
        </Button>
      }
    >
      The address may be of another version, or what it names is gone or not yours to see.
    </EmptyState>
  );
}
