/** Facts and ways on for the page about a problem, if the person came from one of our own pages. */
export interface WayBack {
  /** Path of the page they came from, if it opens again. */
  readonly path?: string;
  /** Does the same again: by a form with these fields, else by a link. */
  readonly again?: {
    /** What they did. */
    readonly after: 'confirm' | 'setup-button' | 'sign-in-test';
    readonly action: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
  /** Who asks, for whom, and until when. */
  readonly asked?: {
    readonly tenantName: string;
    /** The name of the client. Undefined if it was deleted. */
    readonly product: string | undefined;
    readonly userId: string;
    readonly until: Date | undefined;
  };
}
