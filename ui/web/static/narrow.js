// Which articles are asked: by publisher, by day, one by one. What is chosen stands above the question, to be taken away.
import { announce, button, by, count, el, notice } from "./dom.js";

const MANY = 12; // publishers beyond which the list is searched
const FEW = 100; // publishers listed at once
const LAST = "9999-12-31"; // or a browser takes a year of six digits, which is a date to nobody else

let articles = [];
let shared = false;
const fresh = () => ({ publishers: new Set(), after: "", before: "", articles: new Set(), own: false });
let chosen = fresh();
let wanted = ""; // what the publishers' list is searched for
let parts = null;

const fold = (name) => name.toLowerCase();
const byId = (id) => articles.find((one) => one.id === id);
const titled = (id) => byId(id)?.title || id;
const own = () => articles.filter((one) => one.own).map((one) => one.id);

/** Build it above the question. @param {{ shelf: () => void }} doings */
export function narrowing(doings) {
  const toggle = button("Narrow", () => show(panel.hidden), { id: "narrow-toggle", aria: { expanded: false, controls: "narrow-panel" } });
  const panel = el("div", { id: "narrow-panel", role: "group", hidden: true, aria: { label: "Which articles are asked" } });
  const list = el("ul", { class: "chosen", aria: { label: "Only these articles are asked" } });
  const clear = button("Ask all", () => forget(), { class: "quiet clear", aria: { label: "Ask all articles again" } });
  const tally = el("span", { class: "meta tallied" });
  parts = { toggle, panel, list, clear, tally, ...fields(doings, () => show(false)) };
  panel.append(parts.publishers, parts.dates, parts.some, parts.end);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault(); // it would ask the question
    if (event.key !== "Escape") return;
    event.stopPropagation(); // it would stop an answer
    show(false);
  });
  by("narrow").replaceChildren(panel, el("div", { class: "narrowing" }, toggle, list, clear, tally));
  draw();
}

function show(open) {
  parts.panel.hidden = !open;
  parts.toggle.setAttribute("aria-expanded", String(open));
  if (open) [...parts.panel.querySelectorAll("input, button")].find((one) => one.offsetParent)?.focus();
  else parts.toggle.focus();
}

function fields({ shelf }, done) {
  const dated = (name, set) => {
    const input = el("input", { type: "date", id: `narrow-${name}`, max: LAST, aria: { describedby: "narrow-wrong" } });
    const took = () => {
      set(input.value);
      draw();
    };
    input.addEventListener("input", took);
    input.addEventListener("focusout", took);
    return input;
  };
  const after = dated("after", (value) => (chosen.after = value));
  const before = dated("before", (value) => (chosen.before = value));
  const wrong = el("p", { class: "failed", id: "narrow-wrong", role: "alert" });
  const undated = el("p", { class: "meta" });
  const names = el("ul", { class: "names" });
  const search = el("input", { type: "search", placeholder: "Find a publisher", aria: { label: "Find a publisher" }, oninput: () => {
    wanted = search.value;
    publishersDrawn();
  } });
  const mine = el("input", { type: "checkbox", id: "narrow-own", onchange: () => {
    chosen.own = mine.checked;
    draw();
  } });
  const mineLabel = el("span");
  const ownLine = el("label", { class: "tick-line" }, mine, mineLabel);
  const found = el("p", { class: "found", role: "status" });
  return {
    after, before, wrong, undated, names, search, mine, mineLabel, ownLine, found,
    publishers: el("fieldset", {}, el("legend", {}, "Publishers"), search, names),
    dates: el(
      "fieldset",
      {},
      el("legend", {}, "Dates"),
      el("div", { class: "days" }, el("label", { for: "narrow-after" }, "From"), after, el("label", { for: "narrow-before" }, "To"), before),
      wrong,
      undated,
    ),
    some: el(
      "fieldset",
      {},
      el("legend", {}, "Particular articles"),
      ownLine,
      el("p", { class: "meta" }, "In the list of articles, press “Ask only this”. ", button("Show the list", shelf, { class: "quiet show" })),
    ),
    end: el("div", { class: "end" }, found, button("Ask all articles", () => forget()), button("Done", done, { class: "quiet done" })),
  };
}

// --- what is chosen --------------------------------------------------------------------------------

/** The articles there are now; what was chosen and is gone is dropped, and said. */
export function know(listing, forAll) {
  articles = listing;
  shared = forAll;
  prune();
  draw();
}

function prune() {
  if (!parts) return;
  const names = new Set(articles.map((one) => fold(one.publisher)));
  const gone = [...chosen.publishers].filter((name) => !names.has(fold(name)));
  const lost = [...chosen.articles].filter((id) => !byId(id));
  const mine = chosen.own && !own().length;
  for (const name of gone) chosen.publishers.delete(name);
  for (const id of lost) chosen.articles.delete(id);
  if (mine) chosen.own = false;
  if (!gone.length && !lost.length && !mine) return;
  notice(narrowed() ? "Some of the articles chosen are gone: those named above the question are asked." : "The articles chosen are gone: all are asked now.");
}

/** Choose as a kept question did. */
export function choose(within) {
  chosen = fresh();
  const { publishers = [], after, before, articles: ids = [] } = within ?? {};
  chosen.publishers = new Set(publishers);
  chosen.after = after ?? "";
  chosen.before = before ?? "";
  const mine = own();
  if (mine.length > 1 && mine.length === ids.length && ids.every((id) => mine.includes(id))) chosen.own = true;
  else chosen.articles = new Set(ids);
  if (articles.length) prune();
  fill();
  draw();
}

export function forget() {
  if (narrowed()) announce("All articles are asked.");
  chosen = fresh();
  fill();
  draw();
  if (document.activeElement === document.body) parts.toggle.focus(); // what was pressed is gone
}

const narrowed = () => Boolean(chosen.publishers.size || chosen.after || chosen.before || chosen.articles.size || chosen.own);

/** What the server takes: publishers, the first day, the last, ids. */
export function within() {
  const ids = new Set([...chosen.articles, ...(chosen.own ? own() : [])]);
  return [[...chosen.publishers], chosen.after, chosen.before, [...ids]];
}

/** Whether a question may be asked; where not, the field to mend has the focus and a line beside it. */
export function ready() {
  draw();
  if (!parts.wrong.textContent) {
    parts.panel.hidden = true;
    parts.toggle.setAttribute("aria-expanded", "false");
    return true;
  }
  show(true);
  const at = [parts.after, parts.before].find((input) => input.getAttribute("aria-invalid") === "true");
  (at ?? parts.after).focus();
  return false;
}

/** Why these days cannot be asked, and whose fields they are. */
function fault() {
  for (const [input, name] of [[parts.after, "first"], [parts.before, "last"]]) {
    if (input.validity.badInput) return [`The ${name} day is not whole: give day, month and year, or clear the field.`, [input]];
    if (input.validity.rangeOverflow) return [`The ${name} day has no year of four digits: give one as 2026.`, [input]];
  }
  if (chosen.after && chosen.before && chosen.after > chosen.before)
    return [`The first day, ${chosen.after}, is later than the last, ${chosen.before}: change one of them.`, [parts.after, parts.before]];
  return ["", []];
}

function matching() {
  const names = new Set([...chosen.publishers].map(fold));
  const [, , , ids] = within();
  const wantedIds = new Set(ids);
  return articles.filter(
    (one) =>
      (!names.size || names.has(fold(one.publisher))) &&
      (!chosen.after || (one.date && one.date >= chosen.after)) &&
      (!chosen.before || (one.date && one.date <= chosen.before)) &&
      (!wantedIds.size || wantedIds.has(one.id)),
  );
}

// --- how it looks ----------------------------------------------------------------------------------

function fill() {
  parts.after.value = chosen.after;
  parts.before.value = chosen.before;
}

function draw() {
  if (!parts) return;
  by("narrow").hidden = articles.length < 2 && !narrowed();
  const [said, at] = fault();
  if (parts.wrong.textContent !== said) parts.wrong.textContent = said; // set again, it would be read out again
  for (const input of [parts.after, parts.before]) input.setAttribute("aria-invalid", String(at.includes(input)));
  const left = matching().length;
  const words = said ? "" : left ? `${left.toLocaleString("en")} of ${count(articles.length, "article")}` : "No article matches all of this.";
  for (const line of [parts.found, parts.tally]) line.classList.toggle("failed", !left && !said);
  if (parts.found.textContent !== words) parts.found.textContent = words;
  parts.tally.textContent = narrowed() ? words : "";
  const mine = own();
  parts.ownLine.hidden = !mine.length;
  parts.mine.checked = chosen.own;
  parts.mineLabel.textContent = `${shared ? "What visitors added" : "What you added"} (${mine.length.toLocaleString("en")})`;
  const undated = articles.filter((one) => !one.date).length;
  parts.undated.textContent = undated ? `${count(undated, "article")} without a date: in no range of days.` : "";
  publishersDrawn();
  chipsDrawn();
  document.body.classList.toggle("narrowed", narrowed());
  for (const one of document.querySelectorAll("button[data-only]")) dressed(one);
}

/** Each publisher once, however its capitals are set, with how many articles it has; the most first. */
function publishers() {
  const found = new Map();
  for (const { publisher } of articles) {
    if (!publisher) continue;
    const key = fold(publisher);
    const known = found.get(key) ?? { name: publisher, number: 0 };
    known.number++;
    found.set(key, known);
  }
  return [...found.values()].sort((a, b) => b.number - a.number || a.name.localeCompare(b.name));
}

function publishersDrawn() {
  const ticked = new Set([...chosen.publishers].map(fold));
  if (made("names", [wanted, articles.map((one) => one.publisher)])) namesDrawn();
  for (const box of parts.names.querySelectorAll("input")) box.checked = ticked.has(fold(box.value));
}

function namesDrawn() {
  const every = publishers();
  const found = every.filter((one) => fold(one.name).includes(fold(wanted.trim())));
  parts.search.hidden = every.length <= MANY;
  parts.publishers.hidden = !every.length;
  const lines = found.slice(0, FEW).map((one) => {
    const box = el("input", { type: "checkbox", value: one.name, onchange: () => pick(one.name, box.checked) });
    return el("li", {}, el("label", { class: "tick-line" }, box, el("span", { class: "name" }, one.name), el("span", { class: "meta" }, one.number.toLocaleString("en"))));
  });
  if (found.length > FEW) lines.push(el("li", { class: "meta" }, `and ${count(found.length - FEW, "more", "more")}: search by name`));
  if (!found.length) lines.push(el("li", { class: "meta" }, "No publisher has this in its name."));
  parts.names.replaceChildren(...lines);
}

/** Whether what is shown must be made anew: an element that goes between pressing and letting go is never clicked. */
function made(what, of) {
  const now = JSON.stringify(of);
  if (parts[`of-${what}`] === now) return false;
  parts[`of-${what}`] = now;
  return true;
}

function pick(name, on) {
  for (const one of chosen.publishers) if (fold(one) === fold(name)) chosen.publishers.delete(one);
  if (on) chosen.publishers.add(name);
  draw();
}

function chipsDrawn() {
  if (!made("chips", [within(), chosen.own, [...chosen.articles].map(titled)])) return;
  const chips = [];
  const chip = (text, away) => {
    const cross = button("×", () => removed(text, away), { class: "cross", title: "Take away", aria: { label: `Take away: ${text}` } });
    chips.push(el("li", { class: "narrow-chip" }, el("span", { class: "name" }, text), cross));
  };
  for (const name of chosen.publishers) chip(name, () => chosen.publishers.delete(name));
  if (chosen.after) chip(`from ${chosen.after}`, () => (chosen.after = ""));
  if (chosen.before) chip(`to ${chosen.before}`, () => (chosen.before = ""));
  if (chosen.own) chip(shared ? "what visitors added" : "what you added", () => (chosen.own = false));
  for (const id of chosen.articles) chip(`“${titled(id)}”`, () => chosen.articles.delete(id));
  parts.list.replaceChildren(...chips);
  parts.list.hidden = !chips.length;
  parts.clear.hidden = !chips.length;
}

function removed(text, away) {
  const at = [...parts.list.children].findIndex((one) => one.contains(document.activeElement));
  away();
  fill();
  draw();
  announce(`Taken away: ${text}. ${narrowed() ? parts.found.textContent : "All articles are asked"}.`.replace("..", "."));
  const left = parts.list.querySelectorAll("button");
  (left[Math.min(Math.max(at, 0), left.length - 1)] ?? parts.toggle).focus();
}

// --- one article -----------------------------------------------------------------------------------

/** A button that asks one article alone, or takes it in beside others chosen, or lets go of it. */
export function only(id) {
  const made = button("", () => {
    const on = !chosen.articles.has(id);
    if (on && !others()) chosen = fresh(); // only this: whoever published it, and whenever
    if (on) chosen.articles.add(id);
    else chosen.articles.delete(id);
    fill();
    draw();
    announce(on ? `Asked: ${titled(id)}.` : `No longer chosen: ${titled(id)}.`);
  }, { class: "quiet only", data: { only: id } });
  dressed(made);
  return made;
}

const others = () => chosen.articles.size > 0 || chosen.own;

function dressed(made) {
  const id = made.dataset.only;
  const on = chosen.articles.has(id);
  const words = on ? "✓ Asked" : others() ? "Ask this too" : "Ask only this";
  made.hidden = articles.length < 2;
  made.textContent = words;
  made.setAttribute("aria-pressed", String(on));
  made.setAttribute("aria-label", `${words}: ${titled(id)}`);
}
