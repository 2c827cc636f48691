import { CopyIcon } from './identifier.tsx';
import classes from './code-block.module.css';

type Kind = 'added' | 'removed' | 'place' | 'same';

function kindOf(line: string): Kind {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('@@')) return 'place';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}

/** A unified diff. The signs stay, so that it reads without colours and copies as a patch. */
export function Diff({ patch, title }: { patch: string; title: string }) {
  const lines = patch.replace(/\n$/, '').split('\n');
  return (
    <figure className={classes.block} aria-label={title}>
      <figcaption className={classes.caption}>
        <span>{title}</span>
        <CopyIcon value={patch} label={`Copy ${title}`} />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <pre className={classes.code} tabIndex={0}>
        {lines.map((line, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity
          <span key={index} className={classes.line} data-kind={kindOf(line)}>
            {line}
          </span>
        ))}
      </pre>
    </figure>
  );
}
