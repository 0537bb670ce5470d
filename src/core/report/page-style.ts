/** The look of a page, in the colours that the reader's system asks for. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --dim: #59636e; --back: #ffffff; --box: #f6f8fa; --line: #d1d9e0;
  --bad: #b42318; --badback: #fdecea; --open: #8a5a00; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --dim: #9198a1; --back: #0d1117; --box: #151b23;
  --line: #3d444d; --bad: #ff7b72; --badback: #3a1715; --open: #e3b341; --good: #56d364; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1rem; margin: 0 0 .25rem; } h3 { font-size: .85rem; margin: .75rem 0 .25rem; }
code, pre, .id, .steps { font-family: ui-monospace, monospace; font-size: .87em; }
p { margin: .35rem 0; } .about, .where, .facts, .left { color: var(--dim); }
.failing .mark, .failing .verdict, h1.failing, label.failing b { color: var(--bad); }
.undecided .mark, .undecided .verdict, h1.undecided, label.undecided b { color: var(--open); }
.passing .mark, .passing .verdict, h1.passing, label.passing b { color: var(--good); }
.notes { border: 1px solid var(--open); border-radius: 6px; padding: .5rem 1rem .5rem 2rem; }
#filters { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; position: sticky; top: 0;
  padding: .75rem 0; margin: 0; background: var(--back); }
#text { flex: 1 1 16rem; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: 6px;
  background: var(--box); color: inherit; font: inherit; }
.chips { display: flex; flex-wrap: wrap; gap: .3rem; }
.chips label { border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .6rem; cursor: pointer; }
.chips label:has(:checked) { background: var(--box); border-color: var(--dim); }
#cases { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.case { border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 2.4rem; }
.case:first-child { border-top: 0; } .case[hidden] { display: none; }
.case > summary { display: grid; grid-template-columns: 1.2rem minmax(0, 1fr) 6.5rem 7rem 11rem 5rem; gap: .75rem;
  padding: .45rem .75rem; cursor: pointer; list-style: none; align-items: baseline; }
.case > summary::-webkit-details-marker { display: none; }
.case > summary:hover, .case[open] > summary { background: var(--box); }
.level, .side, .cost { color: var(--dim); } .cost { text-align: right; }
.body { padding: .5rem .75rem 1rem 2.7rem; }
.sides { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
.one { flex: 1 1 22rem; min-width: 0; border: 1px solid var(--line); border-radius: 6px; padding: .75rem; }
.change { margin-top: 1rem; }
.steps { width: 100%; border-collapse: collapse; table-layout: fixed; }
.steps th { text-align: left; color: var(--dim); font-weight: 600; }
.steps td, .steps th { padding: .15rem .4rem; border-top: 1px solid var(--line); vertical-align: top; }
.steps .parts td { background: var(--badback); } .steps .parts td:last-child { color: var(--bad); }
dl { margin: .5rem 0; } dt { margin-top: .4rem; } dd { margin: 0 0 0 1rem; }
ins { color: var(--good); text-decoration: none; } del { color: var(--bad); text-decoration: none; }
pre { margin: 0; padding: .5rem; background: var(--box); border-radius: 6px; white-space: pre-wrap; max-height: 20rem; overflow: auto; }
.dot { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .2rem; background: var(--dim); }
.dot.passed { background: var(--good); } .dot.failed { background: var(--bad); border-radius: 2px; }
.dot.ungraded, .dot.errored { background: transparent; border: 2px solid var(--open); }
@media (max-width: 46rem) { .case > summary { grid-template-columns: 1.2rem minmax(0, 1fr) 7rem; } .level, .side, .cost { display: none; } }
`;

/** Filters the table by text and verdict; the page says everything without it. */
export const PAGE_SCRIPT = `
const cases = [...document.querySelectorAll(".case")];
const text = document.getElementById("text");
const boxes = [...document.querySelectorAll(".chips input")];
const count = document.getElementById("count");
function filter() {
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  let shown = 0;
  for (const one of cases) {
    const fits = (wanted.size === 0 || wanted.has(one.dataset.verdict)) && words.every((word) => one.dataset.text.includes(word));
    one.hidden = !fits;
    if (fits) shown += 1;
  }
  count.textContent = shown === cases.length ? cases.length + (cases.length === 1 ? " fixture" : " fixtures") : shown + " of " + cases.length + " fixtures";
  document.getElementById("none").hidden = shown > 0 || cases.length === 0;
}
text.addEventListener("input", filter);
for (const box of boxes) box.addEventListener("change", filter);
document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
filter();
`;
