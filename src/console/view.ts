/** Describes a page of the console as data; `templates.ts` writes its HTML. */

export type Tone = 'good' | 'waiting' | 'bad' | 'plain';

/** A button that posts to the console. Fields are sent with it. */
export interface Action {
  readonly label: string;
  /** Tells this button from others with its label, for those who hear one at a time. */
  readonly about?: string;
  /** A path of the console, e.g. `/events/retry`. */
  readonly to: string;
  readonly fields: Readonly<Record<string, string>>;
  /** True for the button that a page is about. */
  readonly isMain?: true;
}

/** Text of others is isolated, so that a right-to-left name does not reorder the line around it. */
export type Cell =
  | string
  | number
  | null
  | undefined
  /** An id, in a monospaced font. */
  | { readonly code: string }
  /** `link` is a path of the console, e.g. `/tenants/acme`. */
  | { readonly link: string; readonly text: string; readonly about?: string }
  | { readonly state: Tone; readonly text: string }
  | { readonly quiet: string }
  /** Null for something that has not happened. */
  | { readonly at: Date | null }
  | { readonly action: Action }
  /** Lines that are shown when the summary is pressed. */
  | { readonly summary: string; readonly lines: readonly string[] }
  | readonly Cell[];

export interface Table {
  /** Read by screen readers only; the section's title is what others see. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Shown instead of a table without rows. Commands are between backticks. */
  readonly empty: string;
  /** The next page of a long table. */
  readonly next?: string | undefined;
}

export interface Notice {
  readonly tone: Tone;
  /** Says in a word or two how much it matters. */
  readonly label?: string;
  readonly text: string;
  /** What to do, or where to look. Commands are between backticks. */
  readonly hint?: string;
  /** When it happened, or since when. */
  readonly at?: Date | null;
  readonly link?: { readonly to: string; readonly text: string };
}

/** Returns the notice of this name, which comes from the address of the page. */
export const noticeOf = (
  notices: Readonly<Record<string, Notice>>,
  name = '',
): Notice | undefined => (Object.hasOwn(notices, name) ? notices[name] : undefined);

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  /** True for the field that the result of the page is about. */
  readonly isWrong?: boolean;
  /** The choices of a list; without them it is a text. */
  readonly choices?: readonly { readonly value: string; readonly text: string }[];
}

export interface Filter {
  /** A path of the console. */
  readonly to: string;
  readonly fields: readonly Field[];
  readonly button: string;
}

/** One horizontal bar of segments per row. A table with the same figures belongs beside it. */
export interface Chart {
  /** Says what the chart shows to those who do not see it. */
  readonly label: string;
  /** The value at the right edge. */
  readonly max: number;
  readonly bars: readonly {
    readonly name: string;
    readonly segments: readonly { readonly series: number; readonly value: number }[];
  }[];
  /** The names of the series, in the order of their number. */
  readonly series: readonly string[];
}

export interface Section {
  readonly title?: string;
  /** Commands are between backticks. */
  readonly lead?: string;
  readonly notices?: readonly Notice[];
  readonly filter?: Filter;
  readonly facts?: readonly (readonly [label: string, value: Cell])[];
  readonly chart?: Chart;
  readonly table?: Table;
  readonly actions?: readonly Action[];
  /** Ways to other pages. */
  readonly links?: readonly { readonly to: string; readonly text: string }[];
}

export interface View {
  readonly title: string;
  /** Stands above the title and names the kind of thing, e.g. a tenant. */
  readonly kind?: string;
  /** What the last button did, or why a filter cannot be read. The browser's title begins with it: a screen reader says that first. */
  readonly result?: Notice | undefined;
  readonly sections: readonly Section[];
}
