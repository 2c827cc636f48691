import { Center, Stack, Text, ThemeIcon } from '@mantine/core';
import { Inbox, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Nothing here: says why, and what would bring something. */
export function EmptyState(props: {
  title: string;
  icon?: LucideIcon;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const { title, icon: Icon = Inbox, children, action } = props;
  return (
    <Center py="xl">
      <Stack align="center" gap="xs" maw="30rem" ta="center">
        <ThemeIcon size={44} radius="xl" variant="light" color="gray">
          <Icon size={22} aria-hidden />
        </ThemeIcon>
        <Text fw={600}>{title}</Text>
        {children === undefined ? null : (
          <Text component="div" c="dimmed" fz="sm">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}
