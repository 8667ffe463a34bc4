/** The frame of every page of the product. */
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
<footer><p>This product exists for development: it plays one of your services, and its identity provider.</p></footer>
</body>
</html>
`;

export interface Frame {
  readonly title: string;
  /** Undefined: nobody is signed in. */
  readonly person: Person | undefined;
}

/** A page's own part, which begins with `<% layout('@layout') %>`. */
export function createView<View extends Frame>(template: string): (view: View) => string {
  const eta = new Eta();
  eta.loadTemplate('@layout', LAYOUT);
  eta.loadTemplate('@view', template);
  return ({ person, ...view }) => eta.render('@view', { ...view, person: person && shown(person) });
}

export interface ShownPerson extends Person {
  /** In words. */
  readonly role: string;
}

export const shown = (person: Person): ShownPerson => ({
  ...person,
  role: person.roles.includes('it_admin') ? 'IT admin' : 'Member',
});
