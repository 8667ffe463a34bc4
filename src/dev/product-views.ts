/** The product's HTML. */
import { Eta } from 'eta';
import type { Refusal } from './gatehouse-calls.ts';
import type { Person } from './person.ts';

const LAYOUT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><%= it.title %> · Acme Console</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" type="image/svg+xml" href="/icon.svg">
</head>
<body>
<header>
<p class="product"><a href="/">Acme Console</a></p>
<% if (it.person) { %>
<form class="who" method="post" action="/sign-out">
<span><%= it.person.name %> <span class="quiet">(<%= it.person.role %>)</span></span>
<button class="button">Sign out</button>
</form>
<% } %>
</header>
<main>
<%~ it.body %>
</main>
<footer><p>This product exists for development: it plays one of your services, and its identity provider.</p></footer>
</body>
</html>
`;

const SIGN_IN = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p class="quiet">Choose who you are. An IT admin may set things up; a member may not.</p>
<% for (const { name, people } of it.tenants) { %>
<section class="card">
<h2><%= name %></h2>
<% for (const person of people) { %>
<form method="post" action="/sign-in">
<input type="hidden" name="person" value="<%= person.id %>">
<button class="button person"><%= person.name %> <span class="quiet"><%= person.role %></span></button>
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
<section class="card">
<div class="head"><h2><%= feature.name %></h2><span class="state"><%= feature.state %></span></div>
<p class="quiet"><%= feature.text %></p>
<form method="post" action="/set-up">
<input type="hidden" name="intent" value="<%= feature.intent %>">
<button class="button main"><%= feature.action %></button>
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

const eta = new Eta();
eta.loadTemplate('@layout', LAYOUT);
eta.loadTemplate('@sign-in', SIGN_IN);
eta.loadTemplate('@home', HOME);
eta.loadTemplate('@refused', REFUSED);

export interface Feature {
  readonly intent: string;
  readonly name: string;
  readonly text: string;
  readonly action: string;
  readonly state: string;
}

export interface HomeView {
  readonly provisioned: boolean;
  /** What stands in the way of showing anything. */
  readonly notice: Refusal | undefined;
  readonly features: readonly Feature[];
}

const shown = (person: Person | undefined) =>
  person && { ...person, role: person.roles.includes('it_admin') ? 'IT admin' : 'Member' };

export function signInPage(people: readonly Person[]): string {
  const byTenant = Map.groupBy(people, ({ tenantName }) => tenantName);
  const tenants = [...byTenant].map(([name, those]) => ({ name, people: those.map(shown) }));
  return eta.render('@sign-in', { title: 'Sign in', person: undefined, tenants });
}

export const homePage = (person: Person, view: HomeView): string =>
  eta.render('@home', { title: person.tenantName, person: shown(person), ...view });

export const refusedPage = (person: Person | undefined, refusal: Refusal): string =>
  eta.render('@refused', {
    ...refusal,
    title: TITLES[refusal.code] ?? refusal.title,
    person: shown(person),
  });

const TITLES: Readonly<Record<string, string>> = {
  it_admin_required: 'Only IT admins may set this up',
};
