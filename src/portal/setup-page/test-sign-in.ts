import type { Answer } from '../../http/answer.ts';
import { Problem } from '../../core/problem.ts';
import type { Language } from '../../core/languages.ts';
import { Secret } from '../../core/secret.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { comesFromAnotherSite, requireNavigation } from '../../http/navigation.ts';
import type { WayBack } from '../../http/way-back.ts';
import { testPath } from '../../pages/setup-page/test-view.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { setupPath } from '../launch-page/setup-session.ts';
import { askedOf, openedPage, wayToPage, type OpenedPage } from './opened-page.ts';
import type { LaunchWithFacts } from '../stores/launch-store.ts';

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
  input.wayBack(wayToTest(launch, query.connection, lang));
  await countRequest(page, input);
  if (!(await deps.hasActiveConnection(organizationId, query.connection)))
    return { redirect: new Secret(deps.publicUrl + setupPath(launch.id, lang)) };
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
  const { launch, organizationId, holder } = page;
  const token = query.token ?? '';
  const connection = deps.signInTests.connectionOf(token, launch.id);
  input.wayBack(wayToTest(launch, connection, lang));
  await countRequest(page, input);
  const outcome = await deps.signInTests.resultOf(token, {
    launchId: launch.id,
    tenantId: launch.tenantId,
    organizationId,
    actor: holder,
  });
  // Check again: permission may have been lost while WorkOS was asked.
  const now = await openedPage(deps, input);
  const path = `/setup/${launch.id}`;
  if (outcome === 'over')
    return { redirect: new Secret(deps.publicUrl + setupPath(launch.id, lang)) };
  return deps.pages.in(language).signInTest({
    ...outcome,
    ...askedOf(now.launch),
    path,
    lang,
    connectionId: connection,
    formToken: now.formToken,
  });
}

/** After a failure the person may test again; the code of the failed test may be spent. */
const wayToTest = (
  launch: LaunchWithFacts,
  connectionId: string | undefined,
  lang: Language | undefined,
): WayBack => ({
  ...wayToPage(launch, lang),
  ...(connectionId !== undefined && {
    again: { after: 'sign-in-test', action: testPath(`/setup/${launch.id}`, connectionId, lang) },
  }),
});

async function countRequest(
  { launch, holder }: OpenedPage,
  input: Pick<InputOf<typeof portalContract, 'testSignIn'>, 'limited' | 'limitedTenant'>,
): Promise<void> {
  if (holder.client) await input.limited(holder.client);
  await input.limitedTenant({ id: launch.tenantId });
}
