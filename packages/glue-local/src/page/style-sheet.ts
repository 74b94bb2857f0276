/** The style of all pages, in light and dark as the reader's system asks for. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f5f6f8; --line: #d5d9e0; --text: #1b1f27; --quiet: #565e6c; --link: #0b57b0;
  --focus: #0b57b0; --good: #14672f; --good-back: #e2f4e7; --bad: #a51d24; --bad-back: #fdecec;
  --wait: #7a4a00; --wait-back: #fdf1dc; --gone: #4a5261; --gone-back: #e9ebef;
  --mark: #ffd9d6; --mark-line: #c8343b; --added: #dcf3e2; --removed: #fde4e3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171c; --raised: #1d2128; --line: #39404b; --text: #e7eaef; --quiet: #a7b0bd; --link: #84b8ff;
    --focus: #84b8ff; --good: #7fd99a; --good-back: #15321f; --bad: #ff9d99; --bad-back: #401b1d;
    --wait: #f1c26b; --wait-back: #3a2b0d; --gone: #bcc4d0; --gone-back: #2b313b;
    --mark: #6b2a2d; --mark-line: #ff8580; --added: #153222; --removed: #3d1e20;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 80rem; padding: 0 1rem 2rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: .5rem 0; max-width: 48rem; overflow-wrap: anywhere; }
a { color: var(--link); }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
code, pre, textarea, .mono { font-family: ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  font-size: .875rem; }
code { overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--page); z-index: 1; }
.skip:focus { top: .5rem; }
.quiet { color: var(--quiet); }
.top { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between;
  padding: .75rem 0; border-bottom: 1px solid var(--line); }
.home { font-weight: 700; font-size: 1.1rem; text-decoration: none; color: var(--text); padding: .25rem 0; }
.search { display: flex; gap: .5rem; flex: 1 1 16rem; max-width: 32rem; }
.search input { flex: 1; min-width: 0; }
.crumbs ol { list-style: none; align-items: baseline; display: flex; flex-wrap: wrap; margin: 0; padding: .75rem 0 0; gap: .15rem .5rem; }
.crumbs li { overflow-wrap: anywhere; min-width: 0; }
.crumbs li + li::before { content: '/'; color: var(--quiet); margin-right: .5rem; }
.crumbs a { display: inline-block; padding: .1rem 0; }
main { padding-top: 1rem; }
.heading { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
input, select, textarea, button { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--quiet);
  border-radius: 4px; padding: .4rem .6rem; min-height: 2.5rem; }
textarea { font: .875rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; width: 100%;
  display: block; resize: vertical; }
button { background: var(--raised); cursor: pointer; font-weight: 600; }
button:hover { border-color: var(--text); }
button.main { background: var(--link); border-color: var(--link); color: var(--page); }
::placeholder { color: var(--quiet); opacity: 1; }
.fields { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: .75rem 0; }
.fields > label, .fields > div { display: grid; gap: .25rem; }
label { font-weight: 600; }
input[type=number] { width: 7rem; }
label input, label select { font-weight: 400; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem .75rem; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--raised); font-size: .875rem; white-space: nowrap; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1.5rem; margin: 1rem 0; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600;
  white-space: nowrap; border: 1px solid currentColor; }
.badge.AVAILABLE, .badge.yes { color: var(--good); background: var(--good-back); }
.badge.FAILURE, .badge.no { color: var(--bad); background: var(--bad-back); }
.badge.PENDING { color: var(--wait); background: var(--wait-back); }
.badge.DELETING, .badge.note { color: var(--gone); background: var(--gone-back); }
.pages { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; margin: .75rem 0; }
.actions { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .75rem 0; padding: 0; list-style: none; }
.actions a, .pages a { display: inline-block; padding: .25rem 0; }
.tags { display: flex; flex-wrap: wrap; gap: .35rem; margin: 0; padding: 0; list-style: none; }
.tags li { border: 1px solid var(--line); border-radius: 4px; padding: 0 .4rem; overflow-wrap: anywhere; }
.text { margin: .5rem 0; padding: .5rem 0; border: 1px solid var(--line); border-radius: 6px; background: var(--raised);
  overflow: auto; max-height: 40rem; counter-reset: line; line-height: 1.5; tab-size: 4; }
.line { display: block; min-height: 1.3em; padding: 0 .75rem 0 4rem; text-indent: 0; white-space: pre-wrap; overflow-wrap: anywhere;
  position: relative; }
.line::before { counter-increment: line; content: counter(line); position: absolute; left: 0; width: 3rem;
  text-align: right; color: var(--quiet); user-select: none; }
.line.within { background: linear-gradient(var(--mark-line), var(--mark-line)) 3.4rem 0 / 3px 100% no-repeat; }
mark { background: var(--mark); color: inherit; border-bottom: 2px solid var(--mark-line); }
.ref, .reasons .number { display: inline-block; min-width: 1.4em; padding: 0 .3em; border-radius: 3px; text-align: center;
  background: var(--bad); color: var(--page); font: 700 .75rem/1.5 system-ui, sans-serif; text-decoration: none; }
.ref { margin-right: .25em; }
.ref:target { outline: 3px solid var(--focus); outline-offset: 2px; }
.reasons { list-style: none; margin: .75rem 0; padding: 0; border: 1px solid var(--line); border-radius: 6px; }
.reasons li { display: flex; gap: .75rem; padding: .75rem; }
.reasons li + li { border-top: 1px solid var(--line); }
.reasons li:target { box-shadow: inset 4px 0 0 var(--focus); }
.reasons li > div { min-width: 0; }
.reasons .number { flex: none; align-self: flex-start; margin-top: .15rem; }
.reasons p { margin: 0; max-width: none; }
.reasons .sentence { font-weight: 600; }
.places { display: flex; flex-wrap: wrap; gap: 0 1.5rem; font-size: .875rem; max-width: none; }
.texts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 1rem; }
.texts > section { min-width: 0; }
.plain { margin: .5rem 0; padding-left: 1.25rem; }
.plain li { overflow-wrap: anywhere; margin: .15rem 0; }
.row { display: grid; grid-template-columns: 2.5rem 2.5rem 1.25rem minmax(0, 1fr); padding: 0 .75rem 0 0; }
.row .at { text-align: right; color: var(--quiet); padding-right: .5rem; user-select: none; }
.row .sign { text-align: center; user-select: none; }
.row .words { white-space: pre-wrap; overflow-wrap: anywhere; }
.row.added { background: var(--added); }
.row.removed { background: var(--removed); }
.row.added .at, .row.removed .at { color: inherit; }
.fold { display: block; padding: .15rem .75rem; color: var(--quiet); border-block: 1px solid var(--line); }
@media (max-width: 40rem) {
  .row { grid-template-columns: 1.9rem 1.9rem 1rem minmax(0, 1fr); }
  .row .at { padding-right: .25rem; }
  .line.within { background-position-x: 2.35rem; }
  .line { padding-left: 2.75rem; }
  .line::before { width: 2rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: .5rem; }
  .cards, .cards tbody, .cards tr, .cards td, .cards th { display: block; width: 100%; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tr { padding: .5rem 0; border-top: 1px solid var(--line); }
  .cards tbody tr:first-child { border-top: 0; }
  .cards td, .cards th { border: 0; padding: .1rem .75rem; text-align: left !important; }
  .cards td[data-label]::before { content: attr(data-label) ': '; color: var(--quiet); }
  .cards td:empty { display: none; }
}
`;
