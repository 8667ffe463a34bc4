/**
 * The HTML of an e-mail: tables and inline styles, which mail programs need, nothing from elsewhere, and no
 * image, so that nobody learns when it is read. The link is a button and, for programs that show none, text.
 */
export const INVITATION_TEMPLATE = `<!doctype html>
<html lang="<%= it.t.language %>" dir="<%= it.t.direction %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title><%= it.task %></title>
<style>
:root { color-scheme: light dark; }
a.link { color: #3344aa; }
@media (prefers-color-scheme: dark) {
  body, .page { background: #15171c !important; }
  .card { background: #1f232b !important; border-color: #3a404c !important; }
  .text, .title { color: #f2f4f8 !important; }
  .small { color: #c3c9d4 !important; }
  a.link { color: #a9bbff !important; }
  a.button { border-color: #767e89 !important; }
}
</style>
</head>
<body style="margin:0;background:#f3f4f7;">
<div role="main">
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f7;">
<tr><td align="center" style="padding:24px 12px;">
<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #d9dce3;border-radius:12px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;">
<tr><td style="padding:28px 24px;">
<p class="small" style="margin:0 0 16px;font-size:14px;color:#4c5462;word-break:break-word;overflow-wrap:anywhere;"><bdi><%= it.brand.name %></bdi></p>
<h1 class="title" style="margin:0 0 16px;font-size:22px;line-height:1.3;color:#171a21;word-break:break-word;overflow-wrap:anywhere;"><%= it.task %></h1>
<p class="text" style="margin:0 0 24px;font-size:16px;line-height:1.5;color:#171a21;word-break:break-word;overflow-wrap:anywhere;"><%~ include('@text', { parts: it.lead }) %></p>
<p style="margin:0 0 24px;"><a href="<%= it.link %>" class="button" style="display:inline-block;padding:12px 22px;border:1px solid <%= it.button.edge %>;border-radius:8px;background:<%= it.button.background %>;color:<%= it.button.color %>;font-size:16px;font-weight:600;text-decoration:none;"><%= it.button.text %></a></p>
<p class="text" style="margin:0 0 16px;font-size:15px;line-height:1.5;color:#171a21;"><%= it.until %></p>
<p class="small" style="margin:0 0 4px;font-size:14px;line-height:1.5;color:#4c5462;"><%= it.t.text('mail.copy') %></p>
<p style="margin:0 0 20px;font-size:14px;line-height:1.5;overflow-wrap:anywhere;word-break:break-all;"><a class="link" href="<%= it.link %>"><%= it.link %></a></p>
<p class="small" style="margin:0;font-size:14px;line-height:1.5;color:#4c5462;"><%= it.unexpected %></p>
</td></tr>
</table>
</td></tr>
</table>
</div>
</body>
</html>
`;
