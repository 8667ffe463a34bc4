/** Explains a malformed link to the engineer who made it. */
import type { FieldError } from '../core/problem.ts';
import { INTENTS } from '../core/intents.ts';

const RETURN_ADDRESS = 'must be an https address whose origin is registered for your client.';

/** Rule for each part of a link, by the name of its parameter. */
const RULES: Readonly<Record<string, string>> = {
  ticket: 'must be the ticket of the launch’s url, unchanged.',
  launch: 'must be the token that was sent to the Admin Portal, unchanged.',
  client_id: 'must be your client’s id.',
  tenant_id: 'must be your own tenant id, not an organization id (org_…).',
  intent: `must be one of ${INTENTS.join(', ')}.`,
  return_url: RETURN_ADDRESS,
  success_url: RETURN_ADDRESS,
};

export interface LinkError {
  readonly field: string;
  readonly rule: string;
}

/** Names only known fields: a URL may contain any text, and none of it is shown. */
export function linkErrors(errors: readonly FieldError[]): LinkError[] {
  const named = new Set(errors.map(({ field }) => field.slice(field.lastIndexOf('.') + 1)));
  return Object.entries(RULES)
    .filter(([field]) => named.has(field))
    .map(([field, rule]) => ({ field, rule }));
}
