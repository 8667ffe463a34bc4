import { randomUUID } from 'node:crypto';
import { Problem } from '../../core/problem.ts';
import type { Intent } from '../../core/intents.ts';
import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { requireNavigation, requireOwnForm } from '../../http/navigation.ts';
import { mintFor } from '../launch-page/mint-link.ts';
import { newLaunchId } from '../launches/create-launch.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import type { LaunchWithFacts, NewLaunch } from '../stores/launch-store.ts';
import { setupPath } from '../launch-page/setup-session.ts';
import { openedPage, wayToPage } from './opened-page.ts';

/** POST /setup/{launch_id}: a button of the setup page. It begins a launch of its own, which is redeemed at once. */
export async function launchFromPage(
  deps: PortalDeps,
  input: InputOf<typeof portalContract, 'launchFromSetupPage'>,
): Promise<Answer> {
  const { body, headers } = input;
  requireNavigation(headers);
  requireOwnForm(headers, deps.publicUrl);
  const { launch: page, organizationId, holder, formToken } = await openedPage(deps, input);
  input.wayBack(wayToPage(page, input.lang));
  if (body.form_token !== formToken)
    throw new Problem('navigation-required', 'The form is not of this page.');
  const { intent } = body;
  const action = setupPath(page.id, input.lang);
  input.wayBack({
    again: { after: 'setup-button', action, fields: { intent, form_token: formToken } },
  });
  if (holder.client) await input.limited(holder.client);
  await input.limitedTenant({ id: page.tenantId });
  const launch = await deps.launches.insert(launchOf(page, intent), {
    actor: holder,
    outcome: 'attempted',
    tenantId: page.tenantId,
    details: { intent, mode: 'setup_page', setup_launch: page.id },
  });
  return mintFor(deps, { ...launch, lang: input.lang }, organizationId, holder);
}

/** It has the rights and addresses of the page's launch, and lives for a minute. */
const launchOf = (page: LaunchWithFacts, intent: Intent): NewLaunch => ({
  ...page,
  id: newLaunchId(),
  intent,
  mode: 'setup_page',
  ticketSha256: null,
  setupLaunchId: page.id,
  lifetimeSeconds: 60,
  attempt: randomUUID(),
});
