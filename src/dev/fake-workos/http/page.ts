/** The frame of every page of the fake: one look, one strict policy. */
import { Eta } from 'eta';
import type { Reply } from './operation.ts';

const LAYOUT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.title %> · <%= it.place %></title>
<link rel="stylesheet" href="/portal/style.css">
</head>
<body>
<header><p><%= it.place %></p></header>
<main>
<%~ it.body %>
</main>
<footer><p>A stand-in for development and tests. Nothing here reaches WorkOS.</p></footer>
</body>
</html>
`;

const NOTICE = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
`;

interface Frame {
  readonly title: string;
  /** Which of WorkOS's pages, or whose, this stands for. */
  readonly place: string;
}

/** A page's own part, which begins with `<% layout('@layout') %>`. */
export function createView<View extends Frame>(template: string): (view: View) => string {
  const eta = new Eta();
  eta.loadTemplate('@layout', LAYOUT);
  eta.loadTemplate('@view', template);
  return (view) => eta.render('@view', view);
}

export const renderNotice = createView<Frame & { text: string }>(NOTICE);

/** Secrets stand in the addresses of these pages and of where they lead. */
const PRIVATE = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };

/**
 * @param formAction the sources a form may lead to besides the fake itself: Chromium applies
 *   form-action to every redirect that follows as well
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
