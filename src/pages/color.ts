/** Keeps text and controls readable in whatever colour the brand has. */

type Rgb = readonly [red: number, green: number, blue: number];

/** Relative luminance of `#rrggbb`. @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16) / 255),
  ) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const linear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;

/** Contrast ratio, from 1 to 21. @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG AA for text. On a colour where white does not reach it, black has at least 4.66. */
const READABLE = 4.5;
/** WCAG AA for the edge of a control. */
const DISCERNIBLE = 3;

export const textOn = (color: string): string =>
  contrast(color, '#ffffff') >= READABLE ? '#ffffff' : '#000000';

/** Returns the colour of a button's edge. A button in nearly the colour of the page still needs one. */
export const edgeOf = (color: string, ground: string, line: string): string =>
  contrast(color, ground) >= DISCERNIBLE ? color : line;
