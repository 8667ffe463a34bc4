import { relativeTime, utcTime } from './times.ts';
import type { Action, Cell } from './view.ts';

/** A cell, taken apart for the template. */
export type CellPart =
  | { readonly kind: 'text' | 'code' | 'quiet'; readonly text: string }
  | {
      readonly kind: 'link';
      readonly text: string;
      readonly to: string;
      readonly about: string | undefined;
    }
  | { readonly kind: 'state'; readonly text: string; readonly tone: string }
  | {
      readonly kind: 'time';
      readonly text: string;
      readonly utc: string;
      readonly iso: string;
    }
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'lines'; readonly summary: string; readonly lines: readonly string[] };

const NOTHING: CellPart = { kind: 'quiet', text: '–' };

export function cellParts(cell: Cell, now: Date): CellPart[] {
  if (cell === null || cell === undefined || cell === '') return [NOTHING];
  if (typeof cell !== 'object') return [{ kind: 'text', text: textOf(cell) }];
  if (!isList(cell)) return [partOf(cell, now)];
  return cell.length > 0 ? cell.flatMap((one) => cellParts(one, now)) : [NOTHING];
}

function partOf(
  cell: Exclude<Cell, string | number | null | undefined | readonly Cell[]>,
  now: Date,
): CellPart {
  if ('at' in cell) return cell.at ? timePart(cell.at, now) : NOTHING;
  if ('link' in cell) return { kind: 'link', text: cell.text, to: cell.link, about: cell.about };
  if ('state' in cell) return { kind: 'state', text: cell.text, tone: cell.state };
  if ('action' in cell) return { kind: 'action', action: cell.action };
  if ('lines' in cell) return { kind: 'lines', ...cell };
  return 'code' in cell ? { kind: 'code', text: cell.code } : { kind: 'quiet', text: cell.quiet };
}

const textOf = (cell: string | number): string =>
  typeof cell === 'number' ? cell.toLocaleString('en') : cell;

const timePart = (at: Date, now: Date): CellPart => ({
  kind: 'time',
  text: relativeTime(at, now),
  utc: utcTime(at),
  iso: at.toISOString(),
});

const isList = (cell: Cell): cell is readonly Cell[] => Array.isArray(cell);
