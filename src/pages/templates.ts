/** The pages' HTML. Templates are strings, so that they survive bundling; eta escapes `<%= %>`. */
import { lateTemplates } from '../core/late-templates.ts';
import { INVITATION_TEMPLATE } from './mail/template.ts';
import { PROVIDER_TEMPLATE, SETUP_BUTTON_TEMPLATE, SETUP_TEMPLATE } from './setup-page/template.ts';
import { SIGN_IN_TEST_TEMPLATE } from './setup-page/test-template.ts';
import { PROBLEM_GUIDE_TEMPLATE } from './problem-guide/template.ts';
import { FACTS, LAYOUT, MARK, TEXT, WAYS } from './shared-templates.ts';

const HOME = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p><%= it.t.text('home.text') %></p>
<% if (it.brand.productUrl) { %>
<div class="actions">
<a class="button main" href="<%= it.brand.productUrl %>"><%~ include('@text', { parts: it.t.parts('frame.product', { product: it.brand.name }) }) %></a>
</div>
<% } %>
<div class="note">
<h2><%= it.t.text('home.developers') %></h2>
<ul>
<li><a href="/docs" hreflang="en"><%= it.t.text('home.docs') %></a></li>
<li><a href="/docs/problems" hreflang="en"><%= it.t.text('home.problems') %></a></li>
</ul>
</div>
`;

const PROBLEM = `<% layout('@layout') %>
<%~ include('@mark', { tone: it.tone }) %>
<% if (it.tenantName) { %>
<p class="for"><%~ include('@text', { parts: it.t.parts('frame.for', { tenant: it.tenantName }) }) %></p>
<% } %>
<h1><%= it.title %></h1>
<p><%= it.next %></p>
<% if (it.again || it.back || it.mayTryAgain || it.brand.productUrl || it.brand.supportUrl) { %>
<div class="actions">
<% if (it.again && it.again.fields) { %>
<form method="post" action="<%= it.again.action %>">
<% for (const [name, value] of Object.entries(it.again.fields)) { %>
<input type="hidden" name="<%= name %>" value="<%= value %>">
<% } %>
<button class="button main"><%= it.t.text('frame.again') %></button>
</form>
<% } else if (it.again || it.mayTryAgain) { %>
<a class="button main" href="<%= it.again ? it.again.action : '' %>"><%= it.t.text('frame.again') %></a>
<% } %>
<% if (it.back) { %>
<a class="button<%= it.again || it.mayTryAgain ? '' : ' main' %>" href="<%= it.back %>"><%= it.t.text('setup.back') %></a>
<% } %>
<%~ include('@ways', { ...it, look: 'button' }) %>
</div>
<% } %>
<% if (it.facts) { %>
<%~ include('@facts', it) %>
<% } %>
<% if (it.linkErrors.length) { %>
<div class="note">
<h2><%= it.t.text('link.heading') %></h2>
<ul>
<% for (const { field, rule } of it.linkErrors) { %>
<li><code><%= field %></code> <%= rule %></li>
<% } %>
</ul>
</div>
<% } %>
`;

const CONFIRM = `<% layout('@layout') %>
<p class="for"><%~ include('@text', { parts: it.t.parts('frame.for', { tenant: it.tenantName }) }) %></p>
<h1><%= it.title %></h1>
<p><%~ include('@text', { parts: it.lead }) %></p>
<%~ include('@facts', it) %>
<form class="actions" method="post" action="<%= it.action %>">
<% for (const [name, value] of Object.entries(it.fields)) { %>
<input type="hidden" name="<%= name %>" value="<%= value %>">
<% } %>
<button class="button main"><%= it.button %></button>
</form>
<p class="note"><%= it.t.text('launch.unexpected') %></p>
`;

const OPENING = `<% layout('@layout') %>
<%~ include('@mark', { tone: 'waiting' }) %>
<h1><%= it.title %></h1>
<p><%= it.t.text('opening.text') %></p>
<p class="note"><%= it.t.text('opening.missing') %></p>
`;

/** The empty `href` reloads the page, so the URL with its token is not written into it. */
const RETURNED = `<% layout('@layout') %>
<%~ include('@mark', { tone: it.tone }) %>
<% if (it.tenantName) { %>
<p class="for"><%~ include('@text', { parts: it.t.parts('frame.for', { tenant: it.tenantName }) }) %></p>
<% } %>
<h1><%= it.title %></h1>
<p><%= it.text %></p>
<% if (it.items.length) { %>
<ul class="items" aria-label="<%= it.itemsLabel %>">
<% for (const { name, state } of it.items) { %>
<li><bdi><%= name %></bdi> <span class="state <%= state.tone %>"><%= state.text %></span></li>
<% } %>
</ul>
<% } %>
<% if (it.nextPage || it.setupPage || it.reloadable) { %>
<div class="actions">
<% if (it.setupPage) { %>
<a class="button main" href="<%= it.setupPage %>"><%= it.t.text('setup.back') %></a>
<% } %>
<% if (it.nextPage) { %>
<a class="button<%= it.setupPage ? '' : ' main' %>" href="<%= it.nextPage.url %>"><%~ include('@text', { parts: it.t.parts('returned.continue', { host: it.nextPage.host }) }) %></a>
<% } %>
<% if (it.reloadable) { %>
<a class="button" href=""><%= it.t.text('returned.again') %></a>
<% } %>
</div>
<% } %>
<%~ include('@facts', it) %>
<% if (!it.nextPage && !it.setupPage) { %>
<p class="note"><%= it.t.text('returned.close') %></p>
<% } %>
`;

const eta = lateTemplates({
  '@layout': LAYOUT,
  '@mark': MARK,
  '@text': TEXT,
  '@ways': WAYS,
  '@facts': FACTS,
  '@home': HOME,
  '@problem': PROBLEM,
  '@confirm': CONFIRM,
  '@opening': OPENING,
  '@returned': RETURNED,
  '@setup': SETUP_TEMPLATE,
  '@sign-in-test': SIGN_IN_TEST_TEMPLATE,
  '@provider': PROVIDER_TEMPLATE,
  '@setup-button': SETUP_BUTTON_TEMPLATE,
  '@problem-guide': PROBLEM_GUIDE_TEMPLATE,
  '@invitation': INVITATION_TEMPLATE,
});

/** Pages that exist in every language. */
export type LocalTemplate =
  | 'home'
  | 'problem'
  | 'confirm'
  | 'opening'
  | 'returned'
  | 'setup'
  | 'sign-in-test';

/** @param view also holds `t`, the texts of the page's language */
export const render = (
  page: LocalTemplate | 'problem-guide' | 'invitation',
  view: object,
): string => eta.render(`@${page}`, view);
