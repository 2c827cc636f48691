import { createTheme, DEFAULT_THEME, type MantineColorsTuple } from '@mantine/core';

const vouch: MantineColorsTuple = [
  '#e9f8f1',
  '#d3efe2',
  '#a6dfc5',
  '#74cea6',
  '#4cbf8b',
  '#2fae77',
  '#189463',
  '#0f7a52',
  '#0b6243',
  '#074a32',
];

// Greys with a little green in them, so that the accent belongs to the page.
const gray: MantineColorsTuple = [
  '#f7f9f8',
  '#eef2f0',
  '#e0e6e3',
  '#cdd6d1',
  '#b3bfb9',
  '#8d9b94',
  '#66756e',
  '#4b5953',
  '#35413c',
  '#1e2824',
];

const dark: MantineColorsTuple = [
  '#dbe4df',
  '#b9c5bf',
  '#98a69f',
  '#6f7d76',
  '#46534d',
  '#35413c',
  '#28322e',
  '#1a221f',
  '#141a18',
  '#0d1211',
];

/** The same colour with another last shade: that of text on its own light ground, which must reach 4.5:1 (WCAG 1.4.3). */
function withTextShade(color: MantineColorsTuple, shade: string): MantineColorsTuple {
  const [a, b, c, d, e, f, g, h, i] = color;
  return [a, b, c, d, e, f, g, h, i, shade];
}

const yellow = withTextShade(DEFAULT_THEME.colors.yellow, '#744600');
const orange = withTextShade(DEFAULT_THEME.colors.orange, '#9a3412');

export const theme = createTheme({
  primaryColor: 'vouch',
  // The same in both: Mantine takes the contrast of a button's text from the light one.
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.36,
  colors: { vouch, gray, dark, yellow, orange },
  fontFamily: "'Inter Variable', 'Inter Fallback', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    },
    Paper: { defaultProps: { withBorder: true, p: 'md' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 550 } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
  },
});
