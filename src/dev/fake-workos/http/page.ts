/** Layout and security headers of the fake's HTML pages. */
import { Eta } from 'eta';
import type { Reply } from './operation.ts';

const LAYOUT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.title %> · <%= it.site %></title>
<link rel="stylesheet" href="/portal/style.css">
</head>
<body>
<header><p><%= it.site %></p></header>
<main>
<%~ it.body %>
</main>
<footer><p>For development and tests only. Nothing here reaches WorkOS.</p></footer>
</body>
</html>
`;

const NOTICE = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
`;

interface Frame {
  readonly title: string;
  /** The page header, `Fake identity provider`. */
  readonly site: string;
}

/** @param template begins with `<% layout('@layout') %>` */
export function createView<View extends Frame>(template: string): (view: View) => string {
  const eta = new Eta();
  eta.loadTemplate('@layout', LAYOUT);
  eta.loadTemplate('@view', template);
  return (view) => eta.render('@view', view);
}

export const renderNotice = createView<Frame & { text: string }>(NOTICE);

/** The URLs of these pages and their targets contain secrets. */
const PRIVATE = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };

/**
 * @param formAction origins that a form may reach besides the fake; Chromium also applies
 *   form-action to the redirects that follow
 */
export function page(status: number, html: string, formAction: readonly string[] = []): Reply {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    ["form-action 'self'", ...new Set(formAction)].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    status,
    text: html,
    headers: {
      ...PRIVATE,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
    },
  };
}

export function redirect(status: 302 | 303, location: string): Reply {
  return { status, headers: { ...PRIVATE, Location: location } };
}
