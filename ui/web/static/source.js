// The source column: the list of articles, or one article with the cited passages marked in it.
import { call } from "./api.js";
import { announce, button, by, count, el, glide, link } from "./dom.js";
import { only } from "./narrow.js";
import { shelf } from "./shelf.js";

const column = () => by("source");
let opener = null;

/** The articles there are, and the way to add some. */
export async function showShelf() {
  const parts = await shelf({ open: openArticle, redraw: showShelf });
  column().classList.remove("open");
  column().replaceChildren(el("div", { class: "head" }, el("div", { class: "back" }, el("h2", {}, "Articles"), closer())), ...parts);
}

/** On a narrow page the column covers the chat; this lets go of it. */
function closer() {
  return button("Close", close, { class: "quiet narrow close", aria: { label: "Close the source" } });
}

export function reveal() {
  if (!document.body.classList.contains("reading")) opener = document.activeElement;
  document.body.classList.add("reading");
}

export function close() {
  document.body.classList.remove("reading");
  if (opener instanceof HTMLElement) opener.focus();
}

/**
 * The whole article, scrolled to a passage.
 * @param {any} source the passage @param {any[]} sources all passages of its answer
 */
export async function openAt(source, sources) {
  reveal();
  column().replaceChildren(el("p", { class: "wait" }, "Opening the article…"));
  let article;
  try {
    article = await call(`/api/article?id=${encodeURIComponent(source.article_id)}`);
  } catch (error) {
    column().replaceChildren(head({ ...source, text: "" }, source), el("p", { class: "failed" }, error.message), el("blockquote", {}, source.quote));
    return;
  }
  const spans = source.fingerprint && source.fingerprint !== article.fingerprint ? [] : placed(source, sources);
  const text = el("div", { class: "article", tabIndex: 0, role: "document", aria: { label: `Text of ${article.title}` } }, ...paragraphs(article.text, spans));
  column().classList.add("open");
  column().replaceChildren(head(article, source), map(article, spans), ...changed(source, spans), text);
  go(source.span[0], "auto");
  column().focus({ preventScroll: true });
  announce(`Opened ${article.title} at source ${source.label}.`);
}

/** An article as it is, from its beginning. */
export async function openArticle(id) {
  await openAt({ article_id: id, span: [0, 0], label: 0 }, []);
}

function head(article, source) {
  const meta = [article.publisher, article.date, article.characters && count(article.characters, "character")].filter(Boolean).join(" · ");
  return el(
    "div",
    { class: "head" },
    el("div", { class: "back" }, button("← All articles", showShelf), closer()),
    el("h2", {}, article.title || article.article_id || ""),
    meta && el("p", { class: "meta" }, meta),
    article.credit && el("p", { class: "credit" }, article.credit),
    (source.open || article.url) && el("p", {}, link(source.open || article.url, source.open ? "Open the original at this sentence ↗" : "Open the original ↗", { class: "original" })),
    article.id && el("p", {}, only(article.id)),
  );
}

function changed(source, spans) {
  if (spans.length || !source.quote) return [];
  return [el("p", { class: "failed" }, "The article has been edited since: the passage below is as it was cited."), el("blockquote", {}, source.quote)];
}

/** The passages of this article that do not overlap, the cited and the opened ones first. */
function placed(source, sources) {
  const kept = [];
  const here = sources.filter((one) => one.article_id === source.article_id);
  const order = [source, ...here.filter((one) => one.cited), ...here.filter((one) => !one.cited)];
  for (const one of order) {
    const [start, end] = one.span;
    if (end > start && !kept.some((other) => start < other.end && other.start < end))
      kept.push({ start, end, label: one.label, current: one === source, cited: Boolean(one.cited) || one === source });
  }
  return kept.sort((a, b) => a.start - b.start);
}

/** Where in the article the passages lie; each is a way to it. */
function map(article, spans) {
  if (!spans.length) return "";
  const ticks = spans.map((span) => {
    const tick = button("", () => go(span.start), {
      class: `tick ${span.cited ? "cited" : "near"}`,
      aria: { label: `${span.cited ? "Source" : "Considered passage"} ${span.label}, ${Math.round((100 * span.start) / article.characters)}% into the article` },
      title: `[${span.label}]`,
    });
    tick.style.insetInlineStart = `${(100 * span.start) / article.characters}%`;
    tick.style.inlineSize = `max(10px, ${(100 * (span.end - span.start)) / article.characters}%)`;
    return tick;
  });
  return el("nav", { class: "map", aria: { label: "Where the evidence lies" } }, el("span", { class: "end" }, "start"), el("span", { class: "track" }, ...ticks), el("span", { class: "end" }, "end"));
}

/** Spans count code points, as Python does; a JavaScript string counts half of some. */
function paragraphs(text, spans) {
  const points = Array.from(text);
  const made = [];
  let start = 0;
  for (let at = 0; at <= points.length; at++) {
    if (at < points.length && points[at] !== "\n") continue;
    if (at > start) made.push(paragraph(points, start, at, spans));
    start = at + 1;
  }
  return made;
}

function paragraph(points, start, end, spans) {
  const parts = [];
  let at = start;
  for (const span of spans) {
    const from = Math.max(start, span.start);
    const to = Math.min(end, span.end);
    if (to <= from) continue;
    parts.push(points.slice(at, from).join(""));
    const kind = [span.cited ? "cited" : "near", span.current && "current"].filter(Boolean).join(" ");
    const label = from === span.start && el("span", { class: "label" }, String(span.label || ""));
    parts.push(el("mark", { class: kind, data: { start: span.start } }, label, points.slice(from, to).join("")));
    at = to;
  }
  parts.push(points.slice(at, end).join(""));
  const heading = points[start] === "#";
  return el("p", { class: heading ? "heading" : "" }, ...parts);
}

function go(start, behavior = glide()) {
  const marks = [...column().querySelectorAll("mark")];
  const wanted = marks.filter((mark) => Number(mark.dataset.start) === start);
  for (const mark of marks) mark.classList.toggle("current", wanted.includes(mark));
  const text = column().querySelector(".article");
  if (wanted.length) wanted[0].scrollIntoView({ block: "center", behavior });
  else if (text) text.scrollTop = 0;
}
