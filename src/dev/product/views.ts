/** The product's HTML. */
import type { Feature } from './features.ts';
import type { Refusal } from './gatehouse-client.ts';
import type { Person } from './person.ts';
import { createView, shown, type Frame, type ShownPerson } from './layout.ts';

const SIGN_IN = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p class="quiet">Choose who you are. An IT admin may set things up; a member may not.</p>
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
<p class="quiet">Or as anybody whom <%= name %>’s own identity provider knows:</p>
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
<p class="quiet">Gatehouse does not know this tenant. Provisioning makes its organization.</p>
<form method="post" action="/provision"><button class="button main">Provision this tenant</button></form>
</section>
<% } else { %>
<% for (const feature of it.features) { %>
<section class="card feature">
<div class="head"><h2><%= feature.name %></h2>
<p class="live" role="status" data-live id="<%= feature.intent %>-state"><span class="state <%= feature.tone %>"><span class="unseen"><%= feature.name %>: </span><%= feature.state %></span></p></div>
<p class="quiet"><%= feature.text %></p>
<div data-live id="<%= feature.intent %>-things"><% if (feature.things.length > 0) { %><ul class="things"><% for (const thing of feature.things) { %>
<li><span><%= thing.name %></span> <span class="quiet"><%= thing.state %></span></li><% } %></ul><% } %></div>
<form method="post" action="/set-up">
<input type="hidden" name="intent" value="<%= feature.intent %>">
<button class="button <%= feature.tone === 'good' ? '' : 'main' %>" data-live id="<%= feature.intent %>-action"><%= feature.action %></button>
</form>
</section>
<% } } %>
`;

const REFUSED = `<% layout('@layout') %>
<section class="card">
<h1><%= it.title %></h1>
<p><%= it.detail %></p>
<% if (it.instance) { %><p class="quiet">Reference: <%= it.instance %></p><% } %>
<p><a class="button" href="/">Back</a></p>
</section>
`;

export interface HomeView {
  readonly provisioned: boolean;
  /** What stands in the way of showing anything. */
  readonly notice: Refusal | undefined;
  readonly features: readonly Feature[];
}

export interface TenantView {
  readonly id: string;
  readonly name: string;
  readonly people: readonly Person[];
  /** Nobody can be signed in to a tenant that Gatehouse does not know. */
  readonly provisioned: boolean;
}

interface SignInView extends Frame {
  readonly tenants: readonly (TenantView & { readonly people: readonly ShownPerson[] })[];
}

const renderSignIn = createView<SignInView>(SIGN_IN);
const renderHome = createView<HomeView & Frame>(HOME);
const renderRefused = createView<Refusal & Frame>(REFUSED);

export function signInPage(tenants: readonly TenantView[]): string {
  const view = tenants.map((tenant) => ({ ...tenant, people: tenant.people.map(shown) }));
  return renderSignIn({ title: 'Sign in', person: undefined, tenants: view });
}

export const homePage = (person: Person, view: HomeView): string =>
  renderHome({ title: person.tenantName, person, ...view });

export const refusedPage = (person: Person | undefined, refusal: Refusal): string =>
  renderRefused({ ...refusal, title: TITLES[refusal.code] ?? refusal.title, person });

const TITLES: Readonly<Record<string, string>> = {
  it_admin_required: 'Only IT admins may set this up',
};
