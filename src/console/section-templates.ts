/** The HTML of a section of a console page: notices, filter, facts, chart, table and buttons. */

export const SECTION = `<section class="panel">
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
<% for (const { name, label, value, hint, choices, isWrong } of filter.fields) { %>
<p>
<label for="f-<%= name %>"><%= label %></label>
<% if (choices) { %>
<select id="f-<%= name %>" name="<%= name %>">
<% for (const choice of choices) { %>
<option value="<%= choice.value %>"<% if (choice.value === value) { %> selected<% } %>><%= choice.text %></option>
<% } %>
</select>
<% } else { %>
<input id="f-<%= name %>" name="<%= name %>" value="<%= value %>" dir="auto" maxlength="255" autocomplete="off" spellcheck="false"<% if (hint) { %> placeholder="<%= hint %>"<% } %><% if (isWrong) { %> aria-invalid="true" aria-describedby="result"<% } %>>
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
export const TABLE = `<% const { caption, columns, rows, empty, next } = it.table; %>
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
export const TEXT = `<% it.text.split('\`').forEach((part, at) => { %><% if (at % 2 === 1) { %><code><%= part %></code><% } else { %><%= part %><% } %><% }) %>`;

export const CELL = `<% for (const part of it.partsOf(it.cell)) { %>
<% if (part.kind === 'text') { %><span><bdi><%= part.text %></bdi></span>
<% } else if (part.kind === 'code') { %><code><bdi><%= part.text %></bdi></code>
<% } else if (part.kind === 'quiet') { %><span class="quiet"><bdi><%= part.text %></bdi></span>
<% } else if (part.kind === 'link') { %><a href="<%= it.base + part.to %>"<% if (part.about) { %> aria-label="<%= part.text %>: <%= part.about %>"<% } %>><bdi><%= part.text %></bdi></a>
<% } else if (part.kind === 'state') { %><span class="state <%= part.tone %>"><%= part.text %></span>
<% } else if (part.kind === 'time') { %><time datetime="<%= part.iso %>"><%= part.text %> <span class="quiet"><%= part.utc %></span></time>
<% } else if (part.kind === 'lines') { %><details><summary><bdi><%= part.summary %></bdi></summary>
<% for (const line of part.lines) { %><p class="quiet"><bdi><%= line %></bdi></p>
<% } %></details>
<% } else { %><%~ include('@action', { ...it, action: part.action }) %>
<% } %>
<% } %>`;

export const ACTION = `<form method="post" action="<%= it.base + it.action.to %>">
<input type="hidden" name="form_token" value="<%= it.formToken %>">
<% for (const [name, value] of Object.entries(it.action.fields)) { %>
<input type="hidden" name="<%= name %>" value="<%= value %>">
<% } %>
<button class="small<%= it.action.isMain ? ' main' : '' %>"<% if (it.action.about) { %> aria-label="<%= it.action.label %>: <%= it.action.about %>"<% } %>><%= it.action.label %></button>
</form>`;

/** Each bar is drawn on 1,000 units, stretched to the width that there is. */
export const CHART = `<% const { label, max, bars, series } = it.chart; %>
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
