/** Layout of the demo product's pages. */
import { Eta } from 'eta';
import type { Person } from './person.ts';

const LAYOUT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><%= it.title %> · Acme Console</title>
<link rel="stylesheet" href="/style.css">
<script src="/live.js" defer></script>
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
<footer><p>A demo product for development. It stands for one of your services and its identity provider.</p></footer>
</body>
</html>
`;

export interface Frame {
  readonly title: string;
  /** Undefined when nobody is signed in. */
  readonly person: Person | undefined;
}

/** @param template begins with `<% layout('@layout') %>` */
export function createView<View extends Frame>(template: string): (view: View) => string {
  const eta = new Eta();
  eta.loadTemplate('@layout', LAYOUT);
  eta.loadTemplate('@view', template);
  return ({ person, ...view }) =>
    eta.render('@view', { ...view, person: person && withRole(person) });
}

export interface PersonWithRole extends Person {
  /** Display text. */
  readonly role: string;
}

export const withRole = (person: Person): PersonWithRole => ({
  ...person,
  role: person.roles.includes('it_admin') ? 'IT admin' : 'Member',
});
