import { unifiedMergeView } from '@codemirror/merge';
import { yaml } from '@codemirror/lang-yaml';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { styleNonce } from '../../../routing/style-nonce.ts';
import classes from '../access.module.css';
import { cedar, highlighting } from './cedar-language.ts';

const CONTEXT_LINES = 3;

const look = EditorView.theme({
  '&': { fontSize: '0.8125rem', backgroundColor: 'transparent', color: 'inherit' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-changedLine': {
    backgroundColor: 'light-dark(rgb(24 148 99 / 12%), rgb(76 191 139 / 14%)) !important',
  },
  '.cm-deletedChunk': {
    backgroundColor: 'light-dark(rgb(224 49 49 / 9%), rgb(255 107 107 / 14%)) !important',
  },
  '.cm-changedText': { background: 'light-dark(rgb(24 148 99 / 9%), rgb(76 191 139 / 8%)) !important' },
  '.cm-deletedText': { background: 'light-dark(rgb(224 49 49 / 8%), rgb(255 107 107 / 8%)) !important' },
  // Its own marks are in few fonts.
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"···"' },
  '.cm-collapsedLines': {
    background: 'light-dark(var(--mantine-color-gray-1), var(--mantine-color-dark-6))',
    color: 'var(--mantine-color-dimmed)',
  },
});

/** One file before and after, what was taken out above what came in. */
export function Difference(props: { path: string; before: string | null; after: string | null }) {
  const { path, before, after } = props;
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const editor = new EditorView({
      doc: after ?? '',
      parent: place.current,
      extensions: [
        EditorView.cspNonce.of(styleNonce()),
        lineNumbers(),
        look,
        highlighting,
        path.endsWith('.cedar') ? cedar : yaml(),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': `Changes of ${path}`, tabindex: '0' }),
        unifiedMergeView({
          original: before ?? '',
          mergeControls: false,
          collapseUnchanged: { margin: CONTEXT_LINES, minSize: 6 },
        }),
      ],
    });
    return () => editor.destroy();
  }, [path, before, after]);
  return <section ref={place} className={classes.editor} aria-label={`Changes of ${path}`} />;
}
