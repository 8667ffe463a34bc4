import type { Answer } from '../../http/answer.ts';
import { Problem } from '../../core/problem.ts';
import { Secret } from '../../core/secret.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { comesFromAnotherSite, requireNavigation } from '../../http/navigation.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { openedPage, type OpenedPage } from './opened-page.ts';

/**
 * GET /setup/{launch_id}/sign-in-test: sends the browser to sign in through a connection of the tenant.
 * A link, because the redirects of a form may only lead to origins that the page knows.
 */
export async function startSignInTest(
  deps: PortalDeps,
  input: InputOf<typeof portalContract, 'testSignIn'>,
): Promise<Answer> {
  const { headers, query, lang } = input;
  requireNavigation(headers);
  if (comesFromAnotherSite(headers))
    throw new Problem('navigation-required', 'The link is not of this page.');
  const page = await openedPage(deps, input);
  const { launch, organizationId, holder } = page;
  await countRequest(page, input);
  if (!(await deps.hasActiveConnection(organizationId, query.connection)))
    return { redirect: new Secret(`${deps.publicUrl}/setup/${launch.id}`) };
  const test = { launchId: launch.id, connectionId: query.connection, lang };
  return deps.signInTests.begin(test, holder, headers.cookie);
}

/** GET /setup/{launch_id}/sign-in-test/result: shows what came back, once. */
export async function showSignInTest(
  deps: PortalDeps,
  input: InputOf<typeof portalContract, 'showSignInTest'>,
): Promise<Answer> {
  const { headers, query, language, lang } = input;
  requireNavigation(headers);
  const page = await openedPage(deps, input);
  await countRequest(page, input);
  const { launch, organizationId, holder } = page;
  const outcome = await deps.signInTests.resultOf(query.token ?? '', {
    launchId: launch.id,
    tenantId: launch.tenantId,
    organizationId,
    actor: holder,
  });
  // Check again: permission may have been lost while WorkOS was asked.
  const now = await openedPage(deps, input);
  const path = `/setup/${launch.id}`;
  if (outcome === 'over') return { redirect: new Secret(`${deps.publicUrl}${path}`) };
  return deps.pages.in(language).signInTest({
    ...outcome,
    path,
    lang,
    tenantName: now.launch.tenantName,
    formToken: now.formToken,
  });
}

async function countRequest(
  { launch, holder }: OpenedPage,
  input: Pick<InputOf<typeof portalContract, 'testSignIn'>, 'limited' | 'limitedTenant'>,
): Promise<void> {
  if (holder.client) await input.limited(holder.client);
  await input.limitedTenant({ id: launch.tenantId });
}
