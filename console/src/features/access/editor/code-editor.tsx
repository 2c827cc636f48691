import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type CompletionContext,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { PolicySchema } from '#api/access-use.ts';
import type { CheckProblem } from '#api/configuration-change.ts';
import { useEffect, useRef } from 'react';
import { styleNonce } from '../../../routing/style-nonce.ts';
import classes from '../access.module.css';
import { cedar, highlighting } from './cedar-language.ts';
import { completeCedar } from './complete-cedar.ts';

const look = EditorView.theme({
  '&': { fontSize: '0.8125rem', backgroundColor: 'transparent', color: 'inherit' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--mantine-color-dimmed)',
    border: 'none',
  },
  '.cm-activeLine': { backgroundColor: 'light-dark(rgb(15 122 82 / 5%), rgb(76 191 139 / 7%))' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfe9dd, #24513e) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-primary-color-contrast)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.75' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', maxWidth: '34rem' },
});

export interface CodeEditorProps {
  label: string;
  file: string;
  /** The text when the file is opened; after that the editor holds it. */
  text: string;
  problems: readonly CheckProblem[];
  schema: PolicySchema | undefined;
  /** From 1: where the cursor is put when the file is opened. */
  line?: number | undefined;
  readOnly?: boolean;
  onChange: (text: string) => void;
}

/** A text editor for one file. Tab leaves it, as everywhere else on the page. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, file, text, problems, line, readOnly = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  // What the editor calls back with is always of the newest render, without making the editor anew.
  const live = useRef(props);
  live.current = props;

  useEffect(() => {
    if (place.current === null) return undefined;
    const extensions: Extension[] = [
      EditorView.cspNonce.of(styleNonce()),
      lineNumbers(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      bracketMatching(),
      closeBrackets(),
      lintGutter(),
      look,
      highlighting,
      file.endsWith('.cedar') ? cedar : yaml(),
      file.endsWith('.cedar')
        ? autocompletion({ override: [(context) => complete(context, live.current.schema)] })
        : [],
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.lineWrapping,
      EditorState.readOnly.of(readOnly),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) live.current.onChange(update.state.doc.toString());
      }),
    ];
    const editor = new EditorView({ doc: text, extensions, parent: place.current });
    view.current = editor;
    goTo(editor, line);
    return () => {
      view.current = null;
      editor.destroy();
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a new file is a new editor; its text is the editor's from then on
  }, [file, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        problems.map((problem) => diagnosticOf(problem, editor.state)),
      ),
    );
  }, [problems, file]);

  useEffect(() => {
    if (view.current !== null) goTo(view.current, line);
  }, [line]);

  return <div ref={place} className={classes.editor} />;
}

function goTo(editor: EditorView, line: number | undefined): void {
  if (line === undefined) return;
  const { from } = editor.state.doc.line(Math.min(Math.max(1, line), editor.state.doc.lines));
  editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
}

function diagnosticOf(
  { line, column, severity, message, remedy }: CheckProblem,
  state: EditorState,
): Diagnostic {
  const at = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  const from = Math.min(at.to, at.from + column - 1);
  const word = /^\w+/.exec(state.doc.sliceString(from, at.to))?.[0].length ?? 1;
  return { from, to: Math.min(at.to, from + word), severity, message: `${message}\n${remedy}` };
}

function complete(context: CompletionContext, schema: PolicySchema | undefined) {
  if (schema === undefined) return null;
  const { from, text } = context.state.doc.lineAt(context.pos);
  const found = completeCedar(text.slice(0, context.pos - from), schema);
  if (found === undefined || found.options.length === 0) return null;
  if (found.replace === 0 && !context.explicit && !/[."]$/.test(text.slice(0, context.pos - from)))
    return null;
  return { from: context.pos - found.replace, options: found.options, validFor: /^[\w./"-]*$/ };
}
