/** Explains one kind of problem to the developer or operator who met it. Texts may hold `code` in backticks. */
export interface Explanation {
  readonly meaning: string;
  readonly actor: keyof typeof ACTORS;
  readonly action: string;
  readonly retry: keyof typeof RETRIES;
}

/** Who has to act. */
export const ACTORS = {
  caller: 'The calling service',
  user: 'The user in the browser',
  'it-admin': 'The tenant’s IT admin',
  operator: 'The platform team',
  nobody: 'Nobody: it passes',
} as const;

/** True if the same request may succeed later. */
export const RETRIES = {
  no: 'No. The same request fails again until something is changed.',
  later: 'Yes, after the seconds in `Retry-After`.',
  backoff:
    'Yes, with exponential back-off, if the request is a read or has an `Idempotency-Key`. Otherwise first check whether it took effect.',
  restart: 'No. Start again from the product to get a new link, code or token.',
} as const;
