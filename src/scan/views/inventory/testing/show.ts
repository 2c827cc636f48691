import type { View } from '../../../view.ts';

/** Everything that a reader would see, without the drawing. */
export function writeTerminalOf(view: View, result: unknown): string {
  return view
    .describe(result)
    .map((block) => ('text' in block ? block.text : JSON.stringify(block)))
    .join('\n');
}
