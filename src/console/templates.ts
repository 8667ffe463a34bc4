/** The HTML of the console. Templates are strings, so that they survive bundling; eta escapes `<%= %>`. */
import { lateTemplates } from '../core/late-templates.ts';

const LAYOUT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title><%= it.title %> · Gatehouse console</title>
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
<% for (const section of it.sections) { %>
<%~ include('@section', { ...it, section }) %>
<% } %>
</main>
<footer><p>Times are UTC, as of <%= it.asOf %>. Every page you open is recorded in the audit trail.</p></footer>
</body>
`;

const SECTION = `<section class="panel">
<% const { title, lead, notices, filter, facts, chart, table, actions, links } = it.section; %>
<% if (title) { %>
<h2><%= title %></h2>
<% } %>
<% if (lead) { %>
<p class="quiet"><%~ include('@text', { text: lead }) %></p>
<% } %>
<% if (notices) { %>
<ul class="notices">
<% for (const { tone, label, text, hint, at, link } of notices) { %>
<li class="notice <%= tone %>">
<% if (label || at) { %>
<p class="about"><% if (label) { %><span class="state <%= tone %>"><%= label %></span><% } %><% if (at) { %> <%~ include('@cell', { ...it, cell: { at } }) %><% } %></p>
<% } %>
<p><strong><bdi><%= text %></bdi></strong><% if (link) { %> <a href="<%= it.base + link.to %>"><%= link.text %></a><% } %></p>
<% if (hint) { %>
<p><%~ include('@text', { text: hint }) %></p>
<% } %>
</li>
<% } %>
</ul>
<% } %>
<% if (filter) { %>
<form class="filter" method="get" action="<%= it.base + filter.to %>" role="search">
<% for (const { name, label, value, hint, choices } of filter.fields) { %>
<p>
<label for="f-<%= name %>"><%= label %></label>
<% if (choices) { %>
<select id="f-<%= name %>" name="<%= name %>">
<% for (const choice of choices) { %>
<option value="<%= choice.value %>"<% if (choice.value === value) { %> selected<% } %>><%= choice.text %></option>
<% } %>
</select>
<% } else { %>
<input id="f-<%= name %>" name="<%= name %>" value="<%= value %>" dir="auto" maxlength="255" autocomplete="off" spellcheck="false"<% if (hint) { %> placeholder="<%= hint %>"<% } %>>
<% } %>
</p>
<% } %>
<p><button class="small"><%= filter.button %></button></p>
</form>
<% } %>
<% if (facts) { %>
<dl class="facts">
<% for (const [label, cell] of facts) { %>
<div><dt><%= label %></dt><dd><%~ include('@cell', { ...it, cell }) %></dd></div>
<% } %>
</dl>
<% } %>
<% if (chart) { %>
<%~ include('@chart', { chart }) %>
<% } %>
<% if (table) { %>
<%~ include('@table', { ...it, table }) %>
<% } %>
<% if (actions) { %>
<div class="buttons">
<% for (const action of actions) { %>
<%~ include('@action', { ...it, action }) %>
<% } %>
</div>
<% } %>
<% if (links) { %>
<p class="links">
<% for (const { to, text } of links) { %>
<a href="<%= it.base + to %>"><%= text %></a>
<% } %>
</p>
<% } %>
</section>
`;

/** The roles are there because browsers forget them where the style makes rows into blocks, on a phone. */
const TABLE = `<% const { caption, columns, rows, empty, next } = it.table; %>
<% if (rows.length === 0) { %>
<p class="quiet"><%~ include('@text', { text: empty }) %></p>
<% } else { %>
<table role="table">
<caption><%= caption %></caption>
<thead role="rowgroup"><tr role="row">
<% for (const column of columns) { %>
<th scope="col" role="columnheader"><%= column %></th>
<% } %>
</tr></thead>
<tbody role="rowgroup">
<% for (const row of rows) { %>
<tr role="row">
<% row.forEach((cell, at) => { %>
<td role="cell" data-label="<%= columns[at] %>"><div><%~ include('@cell', { ...it, cell }) %></div></td>
<% }) %>
</tr>
<% } %>
</tbody>
</table>
<% } %>
<% if (next) { %>
<p class="links"><a href="<%= it.base + next %>">Older entries</a></p>
<% } %>
`;

/** Text in which commands are between backticks. */
const TEXT = `<% it.text.split('\`').forEach((part, at) => { %><% if (at % 2 === 1) { %><code><%= part %></code><% } else { %><%= part %><% } %><% }) %>`;

const CELL = `<% for (const part of it.partsOf(it.cell)) { %>
<% if (part.kind === 'text') { %><span><bdi><%= part.text %></bdi></span>
<% } else if (part.kind === 'code') { %><code><bdi><%= part.text %></bdi></code>
<% } else if (part.kind === 'quiet') { %><span class="quiet"><bdi><%= part.text %></bdi></span>
<% } else if (part.kind === 'link') { %><a href="<%= it.base + part.to %>"><bdi><%= part.text %></bdi></a>
<% } else if (part.kind === 'state') { %><span class="state <%= part.tone %>"><%= part.text %></span>
<% } else if (part.kind === 'time') { %><time datetime="<%= part.iso %>"><%= part.text %> <span class="quiet"><%= part.utc %></span></time>
<% } else if (part.kind === 'lines') { %><details><summary><bdi><%= part.summary %></bdi></summary>
<% for (const line of part.lines) { %><p class="quiet"><bdi><%= line %></bdi></p>
<% } %></details>
<% } else { %><%~ include('@action', { ...it, action: part.action }) %>
<% } %>
<% } %>`;

const ACTION = `<form method="post" action="<%= it.base + it.action.to %>">
<input type="hidden" name="form_token" value="<%= it.formToken %>">
<% for (const [name, value] of Object.entries(it.action.fields)) { %>
<input type="hidden" name="<%= name %>" value="<%= value %>">
<% } %>
<button class="small<%= it.action.isMain ? ' main' : '' %>"><%= it.action.label %></button>
</form>`;

/** Each bar is drawn on 1,000 units, stretched to the width that there is. */
const CHART = `<% const { label, max, bars, series } = it.chart; %>
<% const units = (value) => Math.min(1000, Math.round((value / max) * 1000)); %>
<figure class="chart">
<div role="img" aria-label="<%= label %>">
<% for (const { name, segments } of bars) { %>
<p><bdi><%= name %></bdi></p>
<svg viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">
<rect class="track" width="1000" height="24"/>
<% let from = 0; %>
<% for (const { series: at, value } of segments) { %>
<rect class="series-<%= at %>" x="<%= units(from) %>" width="<%= units(from + value) - units(from) %>" height="24"/>
<% from += value; %>
<% } %>
</svg>
<% } %>
</div>
<figcaption>
<% series.forEach((name, at) => { %>
<span><svg width="12" height="12" aria-hidden="true" focusable="false"><rect class="series-<%= at %>" width="12" height="12" rx="3"/></svg> <%= name %></span>
<% }) %>
</figcaption>
</figure>`;

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
