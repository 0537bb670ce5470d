import { type Html, type HtmlPart, html, trusted } from "../../../core/text/html.ts";

const STYLE = `
:root { color-scheme: light dark;
  --fg:#1f2328; --muted:#59636e; --bg:#fff; --soft:#f6f8fa; --line:#d1d9e0; --link:#0969da;
  --good:#1a7f37; --bad:#cf222e; --warn:#9a6700; --merged:#8250df; --good-bg:#dafbe1; --bad-bg:#ffebe9; --hunk:#ddf4ff; }
@media (prefers-color-scheme: dark) { :root {
  --fg:#f0f6fc; --muted:#9198a1; --bg:#0d1117; --soft:#151b23; --line:#3d444d; --link:#4493f8;
  --good:#3fb950; --bad:#f85149; --warn:#d29922; --merged:#ab7df8; --good-bg:#12261e; --bad-bg:#25171c; --hunk:#121d2f; } }
* { box-sizing:border-box }
body { margin:0; background:var(--bg); color:var(--fg); font:14px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif; }
a { color:var(--link); text-decoration:none } a:hover { text-decoration:underline }
header { background:var(--soft); border-bottom:1px solid var(--line); padding:14px 0 }
header a { font-size:16px; font-weight:600 } header span { color:var(--muted); margin-left:10px }
.wrap { max-width:1010px; margin:0 auto; padding:0 20px }
main.wrap { padding-top:26px; padding-bottom:70px }
h1 { font-size:26px; font-weight:500; line-height:1.25; margin:0 0 10px } h1 .number { color:var(--muted); font-weight:300 }
h2 { font-size:18px; margin:30px 0 10px }
.byline { color:var(--muted); padding-bottom:16px; border-bottom:1px solid var(--line); margin-bottom:20px }
.state { color:#fff; border-radius:2em; padding:4px 12px; font-weight:500; margin-right:8px; display:inline-block }
.state.open { background:#1f883d } .state.closed { background:#cf222e } .state.merged { background:#8250df; color:#fff } .state.done { background:#8250df }
.label { border:1px solid var(--line); border-radius:2em; padding:0 8px; font-size:12px; margin-left:6px; color:var(--muted) }
.box { border:1px solid var(--line); border-radius:6px; margin-bottom:16px; overflow:hidden }
.box > .head { background:var(--soft); border-bottom:1px solid var(--line); padding:8px 16px; color:var(--muted) }
.box > .head b { color:var(--fg) } .box > .body { padding:16px }
.row { padding:9px 16px; border-top:1px solid var(--line); display:flex; gap:10px; align-items:baseline } .row:first-child { border-top:0 }
.row .grow { flex:1; min-width:0 } .row small { color:var(--muted) }
.good { color:var(--good) } .bad { color:var(--bad) } .warn { color:var(--warn) } .merged { color:var(--merged) } .muted { color:var(--muted) }
.mark { width:1.2em; display:inline-block; text-align:center; font-weight:700 }
.merge.bad-box { border-color:var(--bad) } .merge.good-box { border-color:var(--good) } .merge.merged-box { border-color:var(--merged) }
code, pre, .file { font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace }
.md code { background:var(--soft); border-radius:4px; padding:2px 5px }
.md pre { background:var(--soft); border-radius:6px; padding:14px; overflow:auto } .md pre code { background:none; padding:0 }
.said p, .said li { white-space:pre-line }
.md > :first-child { margin-top:0 } .md > :last-child { margin-bottom:0 }
.md h1, .md h2 { font-size:20px; border-bottom:1px solid var(--line); padding-bottom:5px; margin:22px 0 12px; font-weight:600 } .md h3 { font-size:16px; margin:20px 0 8px }
.md table { border-collapse:collapse; display:block; overflow:auto; margin:0 0 16px } .md th, .md td { border:1px solid var(--line); padding:5px 12px; vertical-align:top } .md tr:nth-child(2n) td { background:var(--soft) }
.md blockquote { margin:0 0 14px; padding:0 14px; border-left:4px solid var(--line); color:var(--muted) }
.md ul, .md ol { padding-left:26px } .md summary { cursor:pointer; font-weight:600 } .md input { margin:0 5px 0 0 } .md img { max-width:100% }
.file { width:100%; border-collapse:collapse; display:block; overflow:auto } .file tbody { display:table; min-width:100% }
.file td { padding:0 10px; white-space:pre-wrap; overflow-wrap:anywhere } .file .no { color:var(--muted); text-align:right; width:1%; user-select:none; white-space:nowrap }
.file .add { background:var(--good-bg) } .file .del { background:var(--bad-bg) } .file .hunk { background:var(--hunk); color:var(--muted) }
.file tr:target td { background:var(--hunk) }
.note { border-left:4px solid var(--line); padding:6px 12px; margin:10px 0; background:var(--soft) } .note.failure { border-color:var(--bad) } .note.warning { border-color:var(--warn) }
`;

/** Wraps the content of a page; a page that is still changing asks the browser to look again. */
export function page(given: {
  readonly title: string;
  readonly repository: string;
  readonly content: HtmlPart;
  readonly refreshSeconds?: number | undefined;
}): string {
  const refresh =
    given.refreshSeconds === undefined
      ? undefined
      : html`<meta http-equiv="refresh" content="${given.refreshSeconds}">`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${given.title} · ${given.repository}</title>${refresh}<style>${trusted(STYLE)}</style></head>
<body><header><div class="wrap"><a href="/">${given.repository}</a><span>on a GitHub that runs on this machine, to look at only</span></div></header>
<main class="wrap">${given.content}</main></body></html>
`.html;
}

/** A framed part of a page with a head line. */
export function box(head: HtmlPart, body: HtmlPart, id?: string): Html {
  const anchor = id === undefined ? undefined : html` id="${id}"`;
  return html`<section class="box"${anchor}><div class="head">${head}</div>${body}</section>`;
}

/** The sign and colour of a check's outcome. */
export function checkMark(check: { readonly status: string; readonly conclusion: string | null }): Html {
  if (check.status !== "completed") return html`<span class="mark warn">●</span>`;
  switch (check.conclusion) {
    case "success":
      return html`<span class="mark good">✓</span>`;
    case "neutral":
    case "skipped":
    case "cancelled":
      return html`<span class="mark muted">■</span>`;
    default:
      return html`<span class="mark bad">✕</span>`;
  }
}
