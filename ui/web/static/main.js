// The page: what is loaded, the conversation, and who does what.
import { Turn } from "./answer.js";
import { ask, call } from "./api.js";
import { hide, start as startCard } from "./card.js";
import { conversations } from "./chats.js";
import { copy } from "./copy.js";
import { announce, button, by, count, el, glide, link, notice } from "./dom.js";
import { choose, forget, narrowing, ready, within } from "./narrow.js";
import { seconds } from "./parts.js";
import { signIn } from "./signin.js";
import { close, openAt, openArticle, reveal, showShelf } from "./source.js";

const NEAR_END = 120; // pixels from the end within which the page follows what is written

let conversation = "";
let turns = [];
let running = null;
let limits = { question_chars: 2000 };

async function begin() {
  theme();
  startCard();
  const me = await call("/api/me");
  if (me.sign_in) return signIn();
  limits = me;
  models(me);
  who(me);
  form();
  const articles = () => {
    reveal();
    by("source").focus();
  };
  narrowing({ shelf: () => showShelf().then(articles, (error) => notice(error.message)) });
  by("source-toggle").addEventListener("click", articles);
  by("source").addEventListener("keydown", (event) => event.key === "Escape" && close());
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  document.addEventListener("articles", () => (turns.length ? undefined : welcome()));
  addEventListener("hashchange", () => resume(location.hash.slice(1)));
  await showShelf(); // before a conversation that was narrowed to some of the articles
  await (location.hash.length > 1 ? resume(location.hash.slice(1)) : welcome());
  if (matchMedia("(pointer: fine)").matches) by("question").focus();
}

// --- the conversation ------------------------------------------------------------------------------

const doings = {
  open: (source, sources) => openAt(source, sources),
  ask: (question) => submit(question),
  retry: (turn) => submit(turn.question, turn.id),
  edit: (turn, question) => submit(question, turn.id),
  rate: async (turn, liked, note) => {
    try {
      Object.assign(turn, await call(`/api/turns/${encodeURIComponent(turn.id)}/rating`, { method: "POST", json: { liked, note } }));
      announce(liked === null ? "Taken back." : "Thank you: noted.");
    } catch (error) {
      notice(error.message);
    }
  },
  copy: async (turn, form) => {
    try {
      copy(await call(`/api/turns/${encodeURIComponent(turn.id)}/copy?form=${form}`));
    } catch (error) {
      notice(error.message);
    }
  },
  quote: async (turn, source) => {
    try {
      copy(await call(`/api/turns/${encodeURIComponent(turn.id)}/quote?label=${source.label}`));
    } catch (error) {
      notice(error.message);
    }
  },
};

const list = conversations({
  current: () => conversation,
  open: (id) => {
    location.hash = id;
  },
  fresh: () => {
    running?.abort();
    conversation = "";
    turns = [];
    history.replaceState(null, "", location.pathname);
    by("turns").replaceChildren();
    forget();
    welcome();
    by("question").focus();
  },
});

/** A conversation that was kept, as it was. */
async function resume(id) {
  if (!id || id === conversation) return;
  running?.abort();
  try {
    const kept = await call(`/api/chats/${encodeURIComponent(id)}`);
    conversation = id;
    turns = kept.turns.map((turn) => new Turn(turn.question, doings).finish(turn, { old: true }));
    by("welcome").replaceChildren();
    by("turns").replaceChildren(...turns.map((turn) => turn.element));
    by("scroll").scrollTop = by("scroll").scrollHeight;
    notice("");
    choose(kept.turns.at(-1)?.within);
    list.refresh();
  } catch (error) {
    history.replaceState(null, "", location.pathname);
    notice(error.message);
    await welcome();
  }
}

async function submit(question, instead = "") {
  if (running) return;
  const asked = question.trim();
  if (!asked) return;
  if (Array.from(asked).length > limits.question_chars) {
    notice(`The question has ${Array.from(asked).length} characters and the limit is ${limits.question_chars}: shorten it.`);
    return;
  }
  if (!ready()) return;
  notice("");
  by("welcome").replaceChildren();
  const at = instead ? turns.findIndex((turn) => turn.turn?.id === instead) : -1;
  if (at >= 0) for (const gone of turns.splice(at)) gone.element.remove();
  const turn = new Turn(asked, doings);
  turns.push(turn);
  by("turns").append(turn.element);
  for (const before of turns.slice(0, -1)) before.element.querySelector(".follow")?.remove();
  turn.element.scrollIntoView({ block: "start", behavior: glide() });
  await answer(turn, asked, instead);
}

async function answer(turn, asked, instead) {
  running = new AbortController();
  busy(true);
  announce("Looking in the articles.");
  let failure = "";
  const onevent = (event) => {
    if (event.kind === "start") began(event.conversation);
    else if (event.kind === "evidence") turn.evidence(event);
    else if (event.kind === "pieces") turn.add(event.pieces);
    else if (event.kind === "cited") turn.cite(event.citation);
    else if (event.kind === "done") done(turn, event.turn);
    else if (event.kind === "follow") turn.offer(event.questions);
    else if (event.kind === "error") failure = event.message;
    follow();
  };
  const { signal } = running;
  try {
    await ask([asked, conversation, by("model").value, instead, ...within()], { signal, onevent, onplace: (place) => turn.place(place) });
    if (failure) turn.fail(failure);
    else if (!turn.turn) await stopped(turn);
  } catch (error) {
    turn.fail(signal.aborted ? "Stopped." : error.message);
  }
  running = null;
  busy(false);
  list.refresh();
}

function began(id) {
  if (conversation === id) return;
  conversation = id;
  history.replaceState(null, "", `#${id}`);
}

function done(turn, kept) {
  turn.finish(kept);
  const { answer } = kept;
  if (answer.outcome === "conversation") announce(turn.text.textContent);
  else if (answer.abstained) announce("The articles do not say.");
  else announce(answer.tally ? `Answered. ${answer.tally.words}.` : "Answered.");
}

/** What came before the stop was kept: show it as it is kept. */
async function stopped(turn) {
  const kept = conversation && (await call(`/api/chats/${encodeURIComponent(conversation)}`));
  const last = kept?.turns.at(-1);
  if (last?.stopped && last.question === turn.question) turn.finish(last);
  else turn.fail("Stopped.");
  announce("Stopped.");
}

/** The page follows what is being written, unless the reader has gone up to read. */
function follow() {
  const box = by("scroll");
  if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END) box.scrollTop = box.scrollHeight;
}

// --- what is loaded --------------------------------------------------------------------------------

async function welcome() {
  const { articles, total, characters, examples } = await call("/api/welcome");
  if (turns.length) return;
  const cards = articles.map((one) =>
    el(
      "li",
      {},
      button(one.title || one.id, () => openArticle(one.id), { class: "plain title" }),
      el("p", { class: "meta" }, [one.publisher, one.date, count(one.characters, "character")].filter(Boolean).join(" · ")),
      one.credit && el("p", { class: "credit" }, one.credit),
    ),
  );
  const more = total > articles.length ? el("p", { class: "meta" }, `and ${count(total - articles.length, "more", "more")}, ${count(characters, "character")} in all`) : "";
  by("welcome").replaceChildren(
    el("h2", {}, total ? "Ask the articles anything." : "There are no articles yet."),
    el("p", { class: "lead" }, total ? "Every statement of an answer is pinned to the exact words it rests on. What the articles do not say, Pincite does not say." : "Add some in the column beside this one."),
    el("ul", { class: "loaded", aria: { label: "Loaded articles" } }, ...cards),
    more,
    ...(examples.length ? [el("div", { class: "follow" }, el("p", {}, "For example:"), ...examples.map((question) => button(question, () => submit(question), { class: "offer" })))] : []),
    legend(),
  );
}

/** What the marks mean, before one is met. */
function legend() {
  const chip = (verdict, tick, words) => el("li", {}, el("span", { class: "chip", data: { verdict } }, "1", el("span", { class: "tick" }, tick)), ` ${words}`);
  return el(
    "details",
    { class: "legend" },
    el("summary", {}, "How to read an answer"),
    el(
      "ul",
      {},
      chip("quoted", "", "The article's own words, cut out: whether they answer is for you to judge."),
      chip("verified", "✓", "The cited words carry a statement of the language model."),
      chip("unsupported", "✗", "They do not: a number, a name or a key word is missing from them."),
      chip("unchecked", "?", "Nothing in the statement can be checked."),
      el("li", {}, el("q", { class: "quoted" }, "“Words set like this”"), " are the article's, letter for letter."),
      el("li", {}, el("span", { class: "own" }, "Words set like this"), " are the language model's own."),
    ),
  );
}

// --- the frame -------------------------------------------------------------------------------------

function form() {
  const field = by("question");
  const grow = () => {
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + 2}px`;
  };
  const send = () => {
    if (running || !field.value.trim() || !ready()) return;
    const asked = field.value;
    field.value = "";
    grow();
    submit(asked).then(() => {
      if (!by("notice").hidden && !field.value) field.value = asked;
    });
  };
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  by("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  by("stop").addEventListener("click", () => running?.abort());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && running) running.abort();
  });
}

function busy(now) {
  by("send").hidden = now;
  by("stop").hidden = !now;
}

function models(me) {
  const select = by("model");
  const kept = localStorage.getItem("model");
  const options = me.models.map((one) => {
    const details = [one.title, one.size, one.seconds && `${seconds(one.seconds)} an answer`].filter(Boolean).join(" · ");
    return el("option", { value: one.name, selected: one.name === (kept ?? me.model) }, details);
  });
  select.replaceChildren(...options);
  if (!me.models.some((one) => one.name === select.value)) select.value = me.model;
  select.addEventListener("change", () => localStorage.setItem("model", select.value));
}

function who(me) {
  if (!me.name) return;
  const leave = async () => {
    await call("/logout", { method: "POST" });
    localStorage.removeItem("model");
    location.replace("/");
  };
  by("who").replaceChildren(el("span", { class: "meta wide" }, me.name), button("Sign out", leave));
}

const THEMES = { system: ["◐", "as the system"], light: ["☀", "light"], dark: ["☾", "dark"] };

function theme() {
  const toggle = by("theme");
  let now = localStorage.getItem("theme") ?? "system";
  const apply = () => {
    const [glyph, name] = THEMES[now] ?? THEMES.system;
    if (now === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
    toggle.textContent = glyph;
    toggle.setAttribute("aria-label", `Colours: ${name}`);
    toggle.title = `Colours: ${name}`;
  };
  toggle.addEventListener("click", () => {
    const names = Object.keys(THEMES);
    now = names[(names.indexOf(now) + 1) % names.length];
    localStorage.setItem("theme", now);
    apply();
    hide();
  });
  apply();
}

begin().catch((error) => notice(error.message));
