import type { z } from 'zod';

/** One setting. */
export interface Setting {
  readonly description: string;
  readonly schema: z.core.$ZodType;
  /** May also be given as `NAME_FILE`, the path of a file that holds it. */
  readonly secret?: true;
  /** The default as docs/settings.md shows it. A setting without one is required, unless it is `optional`. */
  readonly default?: string;
  readonly optional?: true;
}
