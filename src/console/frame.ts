import { pageHeaders, API_HEADERS } from '../http/security-headers.ts';
import { iconAsset, stylesheetAsset, type Asset } from '../pages/assets.ts';
import type { Card } from './cards.ts';
import { cellParts } from './cells.ts';
import type { Visitor } from './page.ts';
import type { Reply } from './reply.ts';
import { CONSOLE_RULES } from './stylesheet.ts';
import { render } from './templates.ts';
import { utcTime } from './times.ts';
import type { Cell, View } from './view.ts';

/** The path of the console on the admin port. */
export const BASE = '/console';
const FILES = `${BASE}/files`;
const FOR_EVER = 'public, max-age=31536000, immutable';

export interface Link {
  /** Below `/console`. */
  readonly to: string;
  readonly text: string;
}

export interface FrameOptions {
  readonly brandColor: string;
  readonly nav: readonly Link[];
}

export type Frame = ReturnType<typeof createFrame>;

/** Makes pages of the console: their HTML, headers, stylesheet and icon. */
export function createFrame({ brandColor, nav }: FrameOptions) {
  const stylesheet = stylesheetAsset(brandColor, CONSOLE_RULES, FILES);
  const icon = iconAsset(brandColor, FILES);
  const files = new Map([stylesheet, icon].map((file) => [file.path, fileReply(file)]));
  const headers = {
    ...pageHeaders([], []),
    'content-type': 'text/html; charset=utf-8',
  };
  const common = { stylesheet: stylesheet.path, icon: icon.path, base: BASE, nav };
  return {
    /** Returns the stylesheet or the icon. */
    file: (path: string): Reply | undefined => files.get(path),

    card: (status: number, card: Card, more: Reply['headers'] = {}): Reply => ({
      status,
      headers: { ...headers, ...more },
      body: render('card', { ...common, ...card }),
    }),

    /** @param current the page of the navigation to mark */
    page(view: View, visitor: Visitor, current: string, now: Date): Reply {
      const partsOf = (cell: Cell) => cellParts(cell, now);
      return {
        status: 200,
        headers,
        body: render('page', {
          ...{ ...common, ...view, ...visitor, current, partsOf },
          asOf: utcTime(now),
        }),
      };
    },

    /** @param to below `/console` */
    redirect: (to: string, more: Reply['headers'] = {}): Reply => ({
      status: 303,
      headers: { ...API_HEADERS, location: BASE + to, ...more },
      body: '',
    }),
  };
}

const fileReply = ({ contentType, body }: Asset): Reply => ({
  status: 200,
  headers: { ...API_HEADERS, 'content-type': contentType, 'cache-control': FOR_EVER },
  body,
});
