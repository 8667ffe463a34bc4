/** All HTML pages of the fake. They need no API key, meet no faults and are not recorded in the log. */
import { auditLogFilePages } from './audit-logs/files.ts';
import { ApiError, type Operation, type Reply, type RoutedRequest } from './http/operation.ts';
import { page, renderNotice } from './http/page.ts';
import { matchPath, route } from './http/router.ts';
import { passwordlessPages } from './users/passwordless.ts';
import { portalPages } from './portal/pages.ts';
import { signInPages } from './sso/sign-in-pages.ts';
import type { World } from './state/world.ts';

const pages: readonly Operation[] = [
  ...portalPages,
  ...signInPages,
  ...passwordlessPages,
  ...auditLogFilePages,
];

export function isPage(path: string): boolean {
  return pages.some((known) => matchPath(known.path, path) !== undefined);
}

export async function performPage(request: RoutedRequest, world: World): Promise<Reply> {
  const found = route(pages, request);
  if (!found) return notice(405, 'Not allowed', 'Open the link in a browser.');
  try {
    return await found.operation.perform({ ...request, params: found.params }, world);
  } catch (error) {
    if (error instanceof ApiError) return notice(error.reply.status, 'Not found', error.message);
    throw error;
  }
}

function notice(status: number, title: string, text: string): Reply {
  return page(status, renderNotice({ site: 'Fake WorkOS', title, text }));
}
