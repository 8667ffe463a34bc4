/** HTML of the portal, without script or inline style. */
import { createView } from '../http/page.ts';
import type { PortalItem } from './changes.ts';
import type { Intent } from '../state/portal.ts';

export const SITE = 'Fake WorkOS Admin Portal';

/** Page title for an intent; null is a link without an intent. */
export function intentTitle(intent: Intent | null): string {
  return intent === null ? 'Set up your organization' : INTENT_TITLES[intent];
}

const INTENT_TITLES: Record<Intent, string> = {
  sso: 'Set up single sign-on',
  dsync: 'Connect your directory',
  audit_logs: 'View audit logs',
  log_streams: 'Set up a log stream',
  domain_verification: 'Verify a domain',
  certificate_renewal: 'Renew your SAML certificate',
  bring_your_own_key: 'Bring your own encryption key',
};

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
<details<% if (it.isChanging) { %> open<% } %>>
<summary>Change what is already there</summary>
<% for (const { id, kind, name, state, changes } of it.items) { %>
<form class="item" method="post" action="/portal/change" aria-label="<%= kind %> <%= name %>">
<input type="hidden" name="token" value="<%= it.token %>">
<input type="hidden" name="id" value="<%= id %>">
<p><b><%= kind %></b> <%= name %> <span class="quiet"><%= state %></span></p>
<% if (kind === 'Organization') { %>
<input name="text" value="<%= name %>" aria-label="Name of the organization">
<% } %>
<p class="changes">
<% for (const change of changes) { %>
<button class="quiet" name="change" value="<%= change.name %>"><%= change.label %></button>
<% } %>
</p>
</form>
<% } %>
</details>
`;

interface SetupView {
  title: string;
  site: string;
  organization: string;
  token: string;
  asksDomain: boolean;
  domain: string;
  problem: string | null;
  returnUrl: string | null;
  /** Includes changes that at WorkOS only the dashboard can make. */
  items: readonly PortalItem[];
  /** True right after a change: the list stays open. */
  isChanging: boolean;
}

export const renderSetup = createView<SetupView>(SETUP);
