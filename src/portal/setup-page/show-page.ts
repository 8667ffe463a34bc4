import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { requireNavigation } from '../../http/navigation.ts';
import { launchGone } from '../link/launch-permission.ts';
import { isRegistered } from '../link/return-url.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import type { LaunchWithFacts } from '../stores/launch-store.ts';
import { askedOf, openedPage } from './opened-page.ts';

/** GET /setup/{launch_id}: shows every feature of the tenant, read from WorkOS now if possible. */
export async function showSetupPage(
  deps: PortalDeps,
  input: InputOf<typeof portalContract, 'showSetupPage'>,
): Promise<Answer> {
  requireNavigation(input.headers);
  const { launch, holder } = await openedPage(deps, input);
  await input.limitedTenant({ id: launch.tenantId });
  if (!launch.tenant) throw launchGone();
  const overview = await deps.readSetup(launch.tenant, holder);
  // Check again: permission may have been lost while WorkOS was asked.
  const now = await openedPage(deps, input);
  return deps.pages.in(input.language).setup({
    ...overview,
    path: `/setup/${launch.id}`,
    formToken: now.formToken,
    ...askedOf(now.launch),
    next: nextOf(now.launch),
    lang: input.lang,
  });
}

/** Where the product is; undefined if the launch names no address, or its origin is no longer registered. */
const nextOf = ({ client, returnUrl }: LaunchWithFacts) =>
  returnUrl !== null && client && isRegistered(returnUrl, client)
    ? { url: returnUrl, host: new URL(returnUrl).host }
    : undefined;
