/** The portal's HTML: plain, without script or inline style, readable on a phone. */
import { Eta } from 'eta';
import type { Intent } from './state.ts';

/** What the IT admin is there to do, in words; null is a link that names no intent. */
export function intentInWords(intent: Intent | null): string {
  return intent === null ? 'Set up your organization' : INTENT_WORDS[intent];
}

const INTENT_WORDS: Record<Intent, string> = {
  sso: 'Set up single sign-on',
  dsync: 'Connect your directory',
  audit_logs: 'View audit logs',
  log_streams: 'Set up a log stream',
  domain_verification: 'Verify a domain',
  certificate_renewal: 'Renew your SAML certificate',
  bring_your_own_key: 'Bring your own encryption key',
};

const LAYOUT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.title %> · Fake WorkOS Admin Portal</title>
<link rel="stylesheet" href="/portal/style.css">
</head>
<body>
<header><p>Fake WorkOS Admin Portal</p></header>
<main>
<%~ it.body %>
</main>
<footer><p>A stand-in for development and tests. Nothing here reaches WorkOS.</p></footer>
</body>
</html>
`;

const SETUP = `<% layout('@layout') %>
<p class="organization"><%= it.organization %></p>
<h1><%= it.title %></h1>
<form method="post" action="/portal/setup">
<input type="hidden" name="token" value="<%= it.token %>">
<% if (it.asksDomain) { %>
<label for="domain">Domain</label>
<% if (it.problem) { %><p id="domain-problem" class="problem"><%= it.problem %></p><% } %>
<input id="domain" name="domain" value="<%= it.domain %>" required autocapitalize="none"
 spellcheck="false" placeholder="example.com"<% if (it.problem) { %> aria-invalid="true"
 aria-describedby="domain-problem"<% } %>>
<% } %>
<button>Finish setup</button>
</form>
<% if (it.returnUrl) { %>
<p><a class="button" href="<%= it.returnUrl %>">Return without finishing</a></p>
<% } %>
`;

const NOTICE = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
`;

interface SetupView {
  title: string;
  organization: string;
  token: string;
  asksDomain: boolean;
  domain: string;
  problem: string | null;
  returnUrl: string | null;
}

const eta = new Eta();
eta.loadTemplate('@layout', LAYOUT);
eta.loadTemplate('@setup', SETUP);
eta.loadTemplate('@notice', NOTICE);

export function renderSetup(view: SetupView): string {
  return eta.render('@setup', view);
}

export function renderNotice(view: { title: string; text: string }): string {
  return eta.render('@notice', view);
}
