import type { Intent } from '../core/intents.ts';
import type { Part, Texts, TextKey } from './texts/texts.ts';

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
export const stepText = (step: StepView, t: Texts): string =>
  stepParts(step, t)
    .map(({ text }) => text)
    .join('');

/** As `stepText`, for a template. */
export const stepParts = ({ code, name = '', expiresAt }: StepView, t: Texts): readonly Part[] =>
  // A text without an expiry has no place for a date.
  t.parts(`step.${code}` as StepKey, { name, date: expiresAt ? t.date(expiresAt) : '' });

type StepKey = Extract<TextKey, `step.renew_${string}`>;
