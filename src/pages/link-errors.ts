/** Explains a malformed link to the engineer who made it. */
import type { FieldError } from '../core/problem.ts';
import { INTENTS } from '../core/intents.ts';
import type { Texts } from './texts/texts.ts';

const FIELDS = [
  'ticket',
  'launch',
  'client_id',
  'tenant_id',
  'intent',
  'return_url',
  'success_url',
] as const;

export interface LinkError {
  readonly field: string;
  readonly rule: string;
}

/** Names only known fields: a URL may contain any text, and none of it is shown. */
export function linkErrors(errors: readonly FieldError[], texts: Texts): LinkError[] {
  const named = new Set(errors.map(({ field }) => field.slice(field.lastIndexOf('.') + 1)));
  return FIELDS.filter((field) => named.has(field)).map((field) => ({
    field,
    rule: ruleOf(field, texts),
  }));
}

/** Returns the rule for a part of a link, by the name of its parameter. */
const ruleOf = (field: (typeof FIELDS)[number], { text }: Texts): string =>
  field === 'intent' ? text('link.intent', { intents: INTENTS.join(', ') }) : text(`link.${field}`);
