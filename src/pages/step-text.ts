import type { Intent } from '../core/intents.ts';
import type { Texts, TextKey } from './texts/texts.ts';

/** A step for an IT admin. */
export interface StepView {
  readonly code: string;
  /** Null for a step outside the Admin Portal. */
  readonly intent: Intent | null;
  /** The connection, directory or domain that the step is about. */
  readonly name?: string;
  /** The id of a connection to test. */
  readonly id?: string;
  readonly expiresAt?: Date;
}

/** One sentence that says what to do. */
export const stepText = (
  { code, name = '', expiresAt = new Date(0) }: StepView,
  t: Texts,
): string => t.text(`step.${code}` as StepKey, { name, date: t.date(expiresAt) });

type StepKey = Extract<TextKey, `step.renew_${string}`>;
