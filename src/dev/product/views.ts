/** HTML of the sign-in, home and refusal pages. */
import type { Feature } from './features.ts';
import type { Refusal } from './gatehouse-client.ts';
import type { Person } from './person.ts';
import { createView, withRole, type Frame, type PersonWithRole } from './layout.ts';

const SIGN_IN = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p class="quiet">Choose a user. IT admins can change settings; members cannot.</p>
<% for (const { id, name, people, provisioned } of it.tenants) { %>
<section class="card">
<h2><%= name %></h2>
<% for (const person of people) { %>
<form method="post" action="/sign-in">
<input type="hidden" name="person" value="<%= person.id %>">
<button class="button person"><%= person.name %> <span class="quiet"><%= person.role %></span></button>
</form>
<% } %>
<% if (provisioned) { %>
<form class="sso" action="/sso/start">
<p class="quiet">Or sign in through <%= name %>’s own identity provider:</p>
<input type="hidden" name="tenant" value="<%= id %>">
<button class="button main">Sign in with SSO</button>
</form>
<% } %>
</section>
<% } %>
`;

const HOME = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<% if (it.notice) { %>
<section class="card" role="status"><h2><%= it.notice.title %></h2><p><%= it.notice.detail %></p></section>
<% } else if (!it.provisioned) { %>
<section class="card">
<div class="head"><h2>Not provisioned yet</h2></div>
<p class="quiet">Gatehouse does not know this tenant. Provisioning creates its organization.</p>
<form method="post" action="/provision"><button class="button main">Provision this tenant</button></form>
</section>
<% } else { %>
<form class="overview" method="post" action="/set-up">
<input type="hidden" name="intent" value="any">
<button class="button">See everything that is set up</button>
</form>
<% for (const feature of it.features) { %>
<section class="card feature">
<div class="head"><h2><%= feature.name %></h2>
<p class="live" role="status" data-live id="<%= feature.intent %>-state"><span class="state <%= feature.tone %>"><span class="unseen"><%= feature.name %>: </span><%= feature.state %></span></p></div>
<p class="quiet"><%= feature.text %></p>
<div data-live id="<%= feature.intent %>-items"><% if (feature.items.length > 0) { %><ul class="items"><% for (const item of feature.items) { %>
<li><span><%= item.name %></span> <span class="quiet"><%= item.state %></span></li><% } %></ul><% } %></div>
<form method="post" action="/set-up">
<input type="hidden" name="intent" value="<%= feature.intent %>">
<button class="button <%= feature.tone === 'good' ? '' : 'main' %>" data-live id="<%= feature.intent %>-action"><%= feature.action %></button>
</form>
</section>
<% } } %>
`;

const REFUSAL = `<% layout('@layout') %>
<section class="card">
<h1><%= it.title %></h1>
<p><%= it.detail %></p>
<% if (it.instance) { %><p class="quiet">Reference: <%= it.instance %></p><% } %>
<p><a class="button" href="/">Back</a></p>
</section>
`;

export interface HomeView {
  readonly provisioned: boolean;
  /** Shown instead of the features when Gatehouse refuses or does not answer. */
  readonly notice: Refusal | undefined;
  readonly features: readonly Feature[];
}

export interface TenantView {
  readonly id: string;
  readonly name: string;
  readonly people: readonly Person[];
  /** SSO is offered only for tenants that Gatehouse knows. */
  readonly provisioned: boolean;
}

interface SignInView extends Frame {
  readonly tenants: readonly (TenantView & { readonly people: readonly PersonWithRole[] })[];
}

const renderSignIn = createView<SignInView>(SIGN_IN);
const renderHome = createView<HomeView & Frame>(HOME);
const renderRefusalView = createView<Refusal & Frame>(REFUSAL);

export function signInPage(tenants: readonly TenantView[]): string {
  const view = tenants.map((tenant) => ({ ...tenant, people: tenant.people.map(withRole) }));
  return renderSignIn({ title: 'Sign in', person: undefined, tenants: view });
}

export const homePage = (person: Person, view: HomeView): string =>
  renderHome({ title: person.tenantName, person, ...view });

export const renderRefusal = (person: Person | undefined, refusal: Refusal): string =>
  renderRefusalView({ ...refusal, title: TITLES[refusal.code] ?? refusal.title, person });

const TITLES: Readonly<Record<string, string>> = {
  it_admin_required: 'Only IT admins may set this up',
};
