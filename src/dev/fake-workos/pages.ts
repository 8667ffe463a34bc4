/** The map of pages: what a person sees. They need no key, meet no fault and are not in the log. */
import { auditLogFilePages } from './audit-logs/files.ts';
import { ApiError, type Operation, type Reply, type RoutedRequest } from './http/operation.ts';
import { matchPath } from './http/operation-pattern.ts';
import { page, renderNotice } from './http/page.ts';
import { passwordlessPages } from './users/passwordless.ts';
import { portalPages } from './portal/pages.ts';
import { route } from './http/routing.ts';
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

export function performPage(request: RoutedRequest, world: World): Reply {
  const found = route(pages, request);
  if (!found) return notice(405, 'Not allowed', 'Open the link in a browser.');
  try {
    return found.operation.perform({ ...request, params: found.params }, world);
  } catch (error) {
    if (error instanceof ApiError) return notice(error.reply.status, 'Not found', error.message);
    throw error;
  }
}

function notice(status: number, title: string, text: string): Reply {
  return page(status, renderNotice({ place: 'Fake WorkOS', title, text }));
}
