import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export interface Crumb {
  label: string;
  link: LinkProps;
}

/** One page: its title, the question it answers, what can be done, and the rest. */
export function Page(props: {
  title: string;
  /** One sentence: what this page tells. */
  lead?: ReactNode;
  crumbs?: readonly Crumb[];
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { title, lead, crumbs = [], actions, children } = props;
  useDocumentTitle(`${title} · Vouchgate`);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} miw={0}>
          {crumbs.length === 0 ? null : (
            <Breadcrumbs separatorMargin={6} aria-label="Where this is">
              {crumbs.map(({ label, link }) => (
                <Anchor key={label} renderRoot={(root) => <Link {...root} {...link} />} fz="sm" c="dimmed">
                  {label}
                </Anchor>
              ))}
            </Breadcrumbs>
          )}
          <Title order={1} className="breakable">
            {title}
          </Title>
          {lead === undefined ? null : (
            <Text c="dimmed" maw="44rem">
              {lead}
            </Text>
          )}
        </Stack>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
