import { CopyIcon } from './identifier.tsx';
import classes from './code-block.module.css';

/** Text as it is, with a button that copies it. `title` names it, also for screen readers. */
export function CodeBlock({ code, title, wrap = false }: { code: string; title: string; wrap?: boolean }) {
  return (
    <figure className={classes.block} aria-label={title}>
      <figcaption className={classes.caption}>
        <span>{title}</span>
        <CopyIcon value={code} label={`Copy ${title}`} />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <pre className={classes.code} data-wrap={wrap || undefined} tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
