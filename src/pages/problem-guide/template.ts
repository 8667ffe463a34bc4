/** Each entry has a `<dl>` of questions and answers. The `type` of a problem leads to the entry's `id`. */
export const PROBLEM_GUIDE_TEMPLATE = `<% layout('@layout') %>
<h1><%= it.title %></h1>
<p>The <code>type</code> of each error leads to its entry here. <code>code</code> is the same name with underscores; <code>detail</code> and <code>errors</code> describe the single case, and <code>X-Request-ID</code> finds it in the log.</p>
<% for (const section of it.sections) { %>
<section>
<h2><%= section.title %></h2>
<% for (const problem of section.problems) { %>
<article class="entry" id="<%= problem.slug %>">
<h3><a href="#<%= problem.slug %>"><%= problem.slug %></a></h3>
<p class="quiet"><%= problem.status %> · <%= problem.title %></p>
<dl>
<% for (const { question, answer } of problem.answers) { %>
<dt><%= question %></dt>
<dd><% for (const { text, isCode } of answer) { %><% if (isCode) { %><code><%= text %></code><% } else { %><%= text %><% } %><% } %></dd>
<% } %>
</dl>
</article>
<% } %>
</section>
<% } %>
`;
