/** The HTML of the console. Templates are strings, so that they survive bundling; eta escapes `<%= %>`. */
import { lateTemplates } from '../core/late-templates.ts';
import { ACTION, CELL, CHART, SECTION, TABLE, TEXT } from './section-templates.ts';

const LAYOUT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title><% if (it.result) { %><%= it.result.text %> <% } %><%= it.title %> · Gatehouse console</title>
<link rel="stylesheet" href="<%= it.stylesheet %>">
<link rel="icon" type="image/svg+xml" href="<%= it.icon %>">
</head>
<%~ it.body %>
</html>
`;

/** A page of somebody who is not signed in: one card, as the pages of products. */
const CARD = `<% layout('@layout') %>
<body>
<header><p>Gatehouse console</p></header>
<main>
<h1><%= it.title %></h1>
<% for (const text of it.texts) { %>
<p><%= text %></p>
<% } %>
<% if (it.command) { %>
<pre><code><%= it.command %></code></pre>
<% } %>
<% if (it.form) { %>
<form class="actions" method="post" action="<%= it.base + it.form.to %>">
<% for (const [name, value] of Object.entries(it.form.fields)) { %>
<input type="hidden" name="<%= name %>" value="<%= value %>">
<% } %>
<button class="button main"><%= it.form.label %></button>
</form>
<% } %>
<% if (it.link) { %>
<p><a href="<%= it.base + it.link.to %>"><%= it.link.text %></a></p>
<% } %>
<% if (it.note) { %>
<p class="note"><%= it.note %></p>
<% } %>
</main>
</body>
`;

const PAGE = `<% layout('@layout') %>
<body class="console">
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<p class="brand"><a href="<%= it.base %>"><img src="<%= it.icon %>" alt="" width="28" height="28"> Gatehouse console</a></p>
<nav aria-label="Console">
<ul>
<% for (const { to, text } of it.nav) { %>
<li><a href="<%= it.base + to %>"<% if (to === it.current) { %> aria-current="page"<% } %>><%= text %></a></li>
<% } %>
</ul>
</nav>
<form class="who" method="post" action="<%= it.base %>/sign-out">
<input type="hidden" name="form_token" value="<%= it.formToken %>">
<span><bdi><%= it.operator %></bdi></span> <button class="plain">Sign out</button>
</form>
</header>
<main id="main" tabindex="-1">
<% if (it.kind) { %>
<p class="for"><%= it.kind %></p>
<% } %>
<h1><bdi><%= it.title %></bdi></h1>
<% if (it.result) { %>
<div id="result"><%~ include('@section', { ...it, section: { notices: [it.result] } }) %></div>
<% } %>
<% for (const section of it.sections) { %>
<%~ include('@section', { ...it, section }) %>
<% } %>
</main>
<footer><p>Times are UTC, as of <%= it.asOf %>. Every page you open is recorded in the audit trail.</p></footer>
</body>
`;

const eta = lateTemplates({
  '@layout': LAYOUT,
  '@card': CARD,
  '@page': PAGE,
  '@section': SECTION,
  '@table': TABLE,
  '@text': TEXT,
  '@cell': CELL,
  '@action': ACTION,
  '@chart': CHART,
});

export const render = (template: 'card' | 'page', view: object): string =>
  eta.render(`@${template}`, view);
