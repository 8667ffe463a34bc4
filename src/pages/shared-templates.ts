/** The frame of every page, and the parts that several pages include. */

export const LAYOUT = `<!doctype html>
<html lang="<%= it.t.language %>" dir="<%= it.t.direction %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title><%= it.title %> · <%= it.brand.name %></title>
<link rel="stylesheet" href="<%= it.stylesheet %>">
<link rel="icon" type="image/svg+xml" href="<%= it.icon %>">
</head>
<body>
<header>
<% if (it.brand.logoUrl) { %>
<img class="logo" src="<%= it.brand.logoUrl %>" alt="<%= it.brand.name %>">
<% } else { %>
<p><%= it.brand.name %></p>
<% } %>
</header>
<main>
<%~ it.body %>
</main>
<% if (it.requestId || it.brand.productUrl || it.brand.supportUrl) { %>
<footer>
<% if (it.requestId) { %>
<p><% for (const { text, isValue } of it.t.parts('frame.reference', { id: it.requestId })) { %><% if (isValue) { %><code><%= text %></code><% } else { %><%= text %><% } %><% } %></p>
<% } else { %>
<%~ include('@ways', { ...it, look: 'link' }) %>
<% } %>
</footer>
<% } %>
</body>
</html>
`;

/** A text whose values are names, which may be written in the other direction. */
export const TEXT = `<% for (const { text, isValue } of it.parts) { %><% if (isValue) { %><bdi><%= text %></bdi><% } else { %><%= text %><% } %><% } %>`;

/** Ways on, as buttons or as links. The way that the text recommends, `first`, comes first. */
export const WAYS = `<% for (const way of it.first === 'support' ? ['support', 'product'] : ['product', 'support']) { %>
<% const look = way === it.first ? it.look + ' main' : it.look; %>
<% if (way === 'product' && it.brand.productUrl) { %>
<a class="<%= look %>" href="<%= it.brand.productUrl %>"><%~ include('@text', { parts: it.t.parts('frame.product', { product: it.brand.name }) }) %></a>
<% } else if (way === 'support' && it.brand.supportUrl) { %>
<a class="<%= look %>" href="<%= it.supportUrl ?? it.brand.supportUrl %>"><%= it.t.text('frame.support') %></a>
<% } %>
<% } %>`;

export const FACTS = `<dl class="facts">
<% for (const { label, value } of it.facts) { %>
<div><dt><%= label %></dt><dd><bdi><%= value %></bdi></dd></div>
<% } %>
</dl>`;

/** Decorative, so it is hidden from screen readers. */
export const MARK = `<svg class="mark <%= it.tone %>" width="40" height="40" viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="20" cy="20" r="17"/><path d="<%= {
  good: 'M13 20.5l5 5 9.5-11',
  waiting: 'M20 11.5V20l5.5 4',
  plain: 'M20 12v.01M20 18v10',
  problem: 'M20 12v10M20 28v.01',
}[it.tone] %>"/></svg>`;
