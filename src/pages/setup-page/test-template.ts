/** HTML of the page about a tested sign-in. WorkOS quotes errors in English, whatever the language of the page. */
export const SIGN_IN_TEST_TEMPLATE = `<% layout('@layout') %>
<%~ include('@mark', { tone: it.tone }) %>
<p class="for"><%~ include('@text', { parts: it.t.parts('frame.for', { tenant: it.tenantName }) }) %></p>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
<% if (it.missing) { %>
<p class="notice"><%= it.missing %></p>
<% } %>
<% if (it.error) { %>
<div class="said">
<% if (it.error.said) { %>
<p class="quiet"><%= it.t.text('test.said') %></p>
<blockquote dir="auto" lang="en"><%= it.error.said %></blockquote>
<% } %>
<p class="quiet"><%= it.t.text('test.code') %> <code><%= it.error.code %></code></p>
</div>
<% } %>
<% for (const list of [it.attributes, it.raw]) { %>
<% if (list.length) { %>
<% if (list === it.raw) { %><h2><%= it.t.text('test.raw') %></h2><% } %>
<dl class="attributes">
<% for (const { name, value } of list) { %>
<div><dt><bdi><%= name %></bdi></dt><dd><bdi><%= value %></bdi></dd></div>
<% } %>
</dl>
<% } %>
<% } %>
<div class="actions">
<% if (it.again && (it.error || it.missing)) { %>
<a class="button main" href="<%= it.again %>"><%= it.t.text('test.again') %></a>
<%~ include('@setup-button', { ...it, intent: 'sso', button: it.change, isMain: false }) %>
<a class="button" href="<%= it.action %>"><%= it.t.text('setup.back') %></a>
<% } else { %>
<a class="button main" href="<%= it.action %>"><%= it.t.text('setup.back') %></a>
<% } %>
</div>
<p class="note"><%= it.t.text('test.nothingKept') %></p>
<%~ include('@facts', it) %>
`;
