import type { ConsoleLink as Target } from '#api/overview.ts';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './console-link.module.css';

type Search = Exclude<LinkProps['search'], undefined>;

/** Filters are read by the page itself, as those of any address. */
const LINKS: Readonly<Record<Target['page'], (query: Target['query']) => LinkProps>> = {
  findings: (query) => ({ to: '/findings', search: query as Search }),
  finding: ({ id = '' }) => ({ to: '/findings/$id', params: { id } }),
  'report-import': () => ({ to: '/findings/import' }),
  pipelines: (query) => ({ to: '/pipelines', search: query as Search }),
  'attack-path': ({ repository, id }) => ({ to: '/pipelines/attack', search: { repository, id } }),
  'static-credentials': () => ({ to: '/access/static-credentials' }),
  decisions: (query) => ({ to: '/decisions', search: query as Search }),
  leases: () => ({ to: '/access' }),
  record: () => ({ to: '/record' }),
  sinks: () => ({ to: '/record' }),
  'first-run': () => ({ to: '/first-run' }),
};

/** Where a link of the overview leads. */
export function linkPropsOf({ page, query }: Target): LinkProps {
  return LINKS[page](query);
}

export function ConsoleLink(props: { link: Target; className?: string | undefined; children: ReactNode }) {
  const { link, className, children } = props;
  return (
    <Link {...linkPropsOf(link)} className={className ?? classes.link}>
      {children}
    </Link>
  );
}
