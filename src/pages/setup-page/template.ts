/** HTML of the setup page. The buttons send one form each; a test of a sign-in is a link, because its redirects lead to any identity provider. */
export const SETUP_TEMPLATE = `<% layout('@layout') %>
<p class="for"><%~ include('@text', { parts: it.t.parts('frame.for', { tenant: it.tenantName }) }) %></p>
<h1><%= it.title %></h1>
<% if (it.stale) { %>
<p class="notice" role="status"><%= it.stale %></p>
<% } %>
<section class="next" aria-labelledby="next">
<h2 id="next"><%= it.t.text('setup.next') %></h2>
<% if (it.first) { %>
<p><%~ include('@text', { parts: it.first.text }) %></p>
<% if (it.first.intent) { %>
<%~ include('@setup-button', { ...it, intent: it.first.intent, button: it.first.button, isMain: true }) %>
<% } else if (it.first.test) { %>
<a class="button main" href="<%= it.first.test %>"><%= it.t.text('setup.test') %></a>
<% } %>
<% } else { %>
<p><%= it.t.text(it.isUnknown ? 'setup.nothingKnown' : 'setup.nothingToDo') %></p>
<% } %>
</section>
<% for (const feature of it.features) { %>
<section class="feature" aria-labelledby="<%= feature.intent %>">
<div class="head"><h2 id="<%= feature.intent %>"><%= feature.name %></h2> <span class="state <%= feature.tone %>"><%= feature.state %></span></div>
<p class="quiet"><%~ include('@text', { parts: feature.text }) %></p>
<% if (feature.items.length) { %>
<ul class="items" aria-label="<%= it.t.text('intent.' + feature.intent + '.items') %>">
<% for (const item of feature.items) { %>
<li>
<% if (item.provider) { %><%~ include('@provider', item.provider) %><% } %>
<div class="what"><bdi><%= item.name %></bdi><% for (const fact of item.facts) { %><span class="fact"><%= fact %></span><% } %></div>
<span class="state <%= item.tone %>"><%= item.state %></span>
<% if (item.test) { %><a class="test" href="<%= item.test %>"><%~ include('@text', { parts: it.t.parts('setup.testNamed', { name: item.name }) }) %></a><% } %>
</li>
<% } %>
</ul>
<% } %>
<% if (feature.hasButton) { %>
<%~ include('@setup-button', { ...it, intent: feature.intent, button: feature.button, isMain: false }) %>
<% } %>
</section>
<% } %>
<div class="actions">
<% if (it.next) { %>
<a class="button" href="<%= it.next.url %>"><%~ include('@text', { parts: it.t.parts('returned.continue', { host: it.next.host }) }) %></a>
<% } %>
<a class="button" href=""><%= it.t.text('returned.again') %></a>
</div>
<% if (it.asOf && !it.stale) { %><p class="quiet"><%= it.asOf %></p><% } %>
<%~ include('@facts', it) %>
`;

export const SETUP_BUTTON_TEMPLATE = `<form method="post" action="<%= it.action %>">
<input type="hidden" name="intent" value="<%= it.intent %>">
<input type="hidden" name="form_token" value="<%= it.formToken %>">
<button class="button<%= it.isMain ? ' main' : '' %>"><%= it.button %></button>
</form>`;

/** The image has no width and height: with them, Chromium draws a broken image when it does not load, without them nothing. */
export const PROVIDER_TEMPLATE = `<span class="provider" aria-hidden="true"><% if (it.icon) { %><picture><source media="(prefers-color-scheme: dark)" srcset="<%= it.icon.dark %>"><img src="<%= it.icon.light %>" alt=""></picture><% } else { %><%= [...it.name][0] %><% } %></span>`;
