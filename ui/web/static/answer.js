// One question and its answer: streamed piece by piece, or shown whole from what was kept. Nothing shown moves.
import { attach, passage, sign, SIGNS, standing } from "./card.js";
import { button, el, link } from "./dom.js";
import { bare, menu, short, timings, withheld } from "./parts.js";

const VERDICTS = { verified: "verified", quoted: "quoted", unsupported: "not supported", unchecked: "not checked", pending: "being checked" };
const HEADS = { answered: "Sources", nearest: "The closest they come", not_in_articles: "Nearest passages" };

/**
 * @typedef {{ open: (source: any, sources: any[]) => void, ask: (question: string) => void, retry: (turn: any) => void,
 *   edit: (turn: any, question: string) => void, rate: (turn: any, liked: boolean | null, note: string) => Promise<void>,
 *   copy: (turn: any, form: string) => void, quote: (turn: any, source: any) => void }} Doings
 */

export class Turn {
  /** @param {string} question @param {Doings} doings */
  constructor(question, doings) {
    this.question = question;
    this.doings = doings;
    this.sources = [];
    this.pieces = "";
    this.pending = [];
    this.cards = new Map(); // by label, those that are shown below the text
    this.asked = el("p", { class: "asked" }, question);
    this.searched = el("p", { class: "searched", hidden: true });
    this.limited = el("p", { class: "limited", hidden: true });
    this.text = el("div", { class: "text", aria: { busy: true } });
    this.caveats = el("div", { class: "caveats" });
    this.under = el("div", { class: "under" });
    this.foot = el("div", { class: "foot" });
    this.wait = el("p", { class: "wait", aria: { live: "polite" } }, "Looking in the articles…");
    // The answer takes the place of the line that says it is awaited, so that nothing below moves.
    this.said = el("div", { class: "said" }, this.wait, this.text);
    this.element = el(
      "li",
      { class: "turn" },
      el("h2", { class: "unseen" }, `You asked: ${question}`),
      el("div", { class: "question" }, this.asked),
      el("div", { class: "answer" }, this.searched, this.limited, this.said, this.caveats, this.under, this.foot),
    );
  }

  /** How many are before this question in the queue; 0: it is being answered. */
  place(place) {
    if (this.sources.length) return;
    this.wait.textContent = place > 0 ? `Others are being answered: you are number ${place} in the queue.` : "Looking in the articles…";
  }

  /** The passages are in, before a word is written: where a model reads them, those that count are shown. */
  evidence({ searched, limited, abstained, reading, quotes, sources }) {
    this.about({ searched, limited, sources });
    if (abstained) this.wait.textContent = "The articles do not say.";
    else if (reading) {
      this.wait.textContent = "Reading…";
      const quoted = (quotes ?? []).map((label) => sources.find((source) => source.label === label)).filter(Boolean);
      this.show("answered", quoted, { chips: true });
    }
    // What no model writes is not to look as if one did.
    this.element.classList.toggle("unwritten", !reading);
  }

  about({ searched, limited, sources }) {
    this.sources = sources;
    if (searched) {
      this.searched.textContent = `Searched for: ${searched}`;
      this.searched.hidden = false;
    }
    this.limited.textContent = limited ?? "";
    this.limited.hidden = !limited;
  }

  /** More of the text. */
  add(pieces) {
    this.wait.remove();
    for (const piece of pieces) this.put(piece);
  }

  put(piece) {
    if (piece.kind === "words") {
      const last = this.line().lastChild;
      const kind = piece.quoted ? "quoted" : piece.text.trim() ? "own" : "gap";
      if (last instanceof HTMLElement && last.className === kind) last.append(piece.text);
      else this.line().append(el(piece.quoted ? "q" : "span", { class: kind }, piece.text));
    } else if (piece.kind === "chip") {
      const chip = this.chip(piece.label, piece.verdict ? piece : null);
      this.line().append(chip);
    } else this.text.append(el("p", { class: piece.kind === "item" ? "item" : "" }));
  }

  line() {
    return this.text.lastElementChild ?? this.text.appendChild(el("p"));
  }

  /** A numbered mark after a statement; grey until the statement is checked. */
  chip(label, verdict) {
    const chip = el("button", { type: "button", class: "chip" }, String(label), el("span", { class: "tick", aria: { hidden: true } }));
    const source = () => this.sources.find((one) => one.label === label);
    chip.judge = (found) => {
      chip.found = found;
      chip.dataset.verdict = found?.verdict ?? "pending";
      chip.querySelector(".tick").textContent = SIGNS[chip.dataset.verdict];
      const named = source()?.title ?? "no such passage";
      chip.setAttribute("aria-label", `Source ${label}, ${VERDICTS[chip.dataset.verdict]}: ${named}`);
    };
    chip.judge(verdict);
    if (!verdict) this.pending.push({ label, chip });
    attach(chip, () => passage(source() ?? { title: "No passage has this number", quote: "" }, chip.found));
    chip.addEventListener("click", () => source() && this.doings.open(source(), this.sources));
    return chip;
  }

  /** A statement was checked: the chips that were waiting for it say so. */
  cite(citation) {
    for (const { label, chip } of this.pending) if (label === citation.label) chip.judge(citation);
    this.pending = this.pending.filter((one) => one.label !== citation.label);
  }

  /** The answer as it is kept. */
  finish(turn, { old = false } = {}) {
    this.turn = turn;
    this.old = old;
    const { answer } = turn;
    this.about({ searched: answer.searched, limited: answer.limited, sources: [...answer.sources, ...answer.other] });
    this.wait.remove();
    // What was streamed stays in place; where the two differ, what is kept is right.
    const same = JSON.stringify(answer.pieces.map(bare)) === this.shown();
    if (!same) {
      this.text.replaceChildren();
      this.pending = [];
      for (const piece of answer.pieces) this.put(piece);
    } else {
      const chips = [...this.text.querySelectorAll(".chip")];
      answer.pieces.filter((piece) => piece.kind === "chip").forEach((piece, at) => chips[at].judge(piece));
    }
    this.element.classList.toggle("abstained", answer.abstained);
    this.element.classList.toggle("unwritten", answer.outcome !== "answered");
    this.element.dataset.outcome = answer.outcome;
    this.text.removeAttribute("aria-busy");
    this.caveats.replaceChildren(...this.notes(turn));
    // Where the text is the quotes themselves, they are not shown a second time.
    const written = answer.outcome === "answered" && answer.verdicts.some((one) => one.verdict !== "quoted");
    const wordless = !answer.pieces.length; // it was stopped before a word came
    if (written || wordless || answer.abstained) this.show(answer.outcome, answer.sources, { chips: written || wordless });
    else {
      this.cards.clear();
      this.under.replaceChildren(...[this.rest(answer)].filter(Boolean));
    }
    this.foot.replaceChildren(...[this.unmarked(answer), this.actions(turn)].filter(Boolean));
    return this;
  }

  /** What stands on the page now, in the form of pieces. */
  shown() {
    const pieces = [...this.text.children].flatMap((line, at) => [
      ...(at || line.className ? [{ kind: line.className === "item" ? "item" : "break" }] : []),
      ...[...line.childNodes].map((node) =>
        node.className === "chip"
          ? { kind: "chip", label: Number(node.firstChild.textContent) }
          : { kind: "words", text: node.textContent, quoted: node.className === "quoted" },
      ),
    ]);
    return JSON.stringify(pieces);
  }

  /** What a reader must know besides. */
  notes(turn) {
    const { answer } = turn;
    return [
      turn.stopped && el("p", { class: "stopped" }, "Stopped: what came until then is shown."),
      answer.note && el("p", { class: "said-of" }, answer.note),
      withheld(answer),
      ...(answer.differing ?? []).map((said) => el("p", { class: "caveat differing" }, sign("unchecked"), ` ${said}`)),
      answer.unmentioned && el("p", { class: "caveat" }, sign("unchecked"), ` ${answer.unmentioned}`),
    ].filter(Boolean);
  }

  /** Where the answer's words come from, an article a line. */
  rest(answer) {
    const articles = new Map();
    for (const source of answer.sources) articles.set(source.article_id, [...(articles.get(source.article_id) ?? []), source]);
    if (!articles.size) return null;
    const lines = [...articles.values()].map((sources) => {
      const [first] = sources;
      const chips = sources.map((source) => {
        const chip = this.chip(source.label, { verdict: source.verdict, words: source.words ?? VERDICTS[source.verdict] });
        return chip;
      });
      return el("li", {}, el("span", { class: "chips" }, ...chips), el("div", {}, this.origin(first), first.credit && el("p", { class: "credit" }, first.credit), this.standing(first)));
    });
    return el("section", { class: "sources", aria: { label: "Sources" } }, el("ul", {}, ...lines));
  }

  /** That nothing has changed is worth saying only of an answer that was kept. */
  standing(source) {
    return this.old || source.standing !== "unchanged" ? standing(source) : null;
  }

  origin(source) {
    const meta = [source.publisher, source.date].filter(Boolean).join(" · ");
    return el(
      "p",
      { class: "origin" },
      button(source.title || source.article_id, () => this.doings.open(source, this.sources), { class: "plain title" }),
      meta && el("span", { class: "meta" }, meta),
      source.open && link(source.open, "original ↗", { class: "original" }),
    );
  }

  /** Passages below the text, a card each; with chips where they carry the answer. Those shown already stay. */
  show(outcome, sources, { chips }) {
    const before = this.cards;
    this.cards = new Map(sources.map((source) => [source.label, this.card(source, before.get(source.label), chips)]));
    const labels = JSON.stringify([...before.keys()]) === JSON.stringify([...this.cards.keys()]);
    if (labels && this.under.firstChild) this.under.querySelector("h3").textContent = HEADS[outcome];
    else if (!sources.length) this.under.replaceChildren();
    else {
      const credits = [...new Set(sources.map((source) => source.credit).filter(Boolean))];
      const items = [...this.cards.values()].map((card) => card.item);
      this.under.replaceChildren(
        el("section", { class: "quotes" }, el("h3", {}, HEADS[outcome]), el("ul", {}, ...items), ...credits.map((credit) => el("p", { class: "credit" }, credit))),
      );
    }
  }

  /** One passage: what became of it is said on the card that is there, if there is one. */
  card(source, before, chips) {
    const state = () => [this.standing(source)].filter(Boolean);
    const finding = { verdict: source.verdict || "quoted", words: source.words || VERDICTS.quoted };
    if (before) {
      if (chips) before.chip.judge(finding);
      else before.chip.remove();
      before.state.replaceChildren(...state());
      return before;
    }
    const chip = this.chip(source.label, finding);
    const origin = this.origin(source);
    if (chips) origin.prepend(chip);
    const stands = el("div", {}, ...state());
    return { item: el("li", { class: "passage" }, el("blockquote", {}, source.quote), origin, stands), chip, state: stands };
  }

  actions(turn) {
    const { doings } = this;
    const { answer } = turn;
    const { tally } = answer;
    return el(
      "div",
      { class: "actions" },
      tally && el("span", { class: "tally", data: { verdict: tally.verdict } }, SIGNS[tally.verdict] && sign(tally.verdict), ` ${tally.words}`),
      turn.id && menu("Copy", [["as Markdown", "markdown"], ["as plain text", "text"], ["as HTML", "html"]].map(([text, form]) => button(text, () => doings.copy(turn, form)))),
      turn.id && answer.sources.length > 0 && menu("Copy a quote", answer.sources.map((source) => button(`[${source.label}] ${short(source.quote)}`, () => doings.quote(turn, source)))),
      turn.id && this.ratings(turn),
      button("Ask again", () => doings.retry(turn)),
      button("Edit", () => this.editing(turn)),
      timings(answer),
    );
  }

  ratings(turn) {
    const box = el("span", { class: "ratings" });
    const draw = () => {
      const thumb = (liked, name) =>
        button("", () => rate(turn.liked === liked ? null : liked), {
          class: `quiet thumb ${liked ? "up" : "down"}`,
          title: name,
          aria: { label: name, pressed: turn.liked === liked },
        });
      const note = turn.liked !== null && this.note(turn, draw);
      box.replaceChildren(thumb(true, "Good answer"), thumb(false, "Bad answer"), ...(note ? [note] : []));
    };
    const rate = async (liked) => {
      await this.doings.rate(turn, liked, liked === null ? "" : turn.note);
      draw();
    };
    draw();
    return box;
  }

  note(turn, draw) {
    const field = el("input", { type: "text", maxLength: 2000, value: turn.note, placeholder: "Say why (optional)", aria: { label: "A note on this answer" } });
    return el(
      "form",
      {
        class: "note",
        onsubmit: async (event) => {
          event.preventDefault();
          await this.doings.rate(turn, turn.liked, field.value);
          draw();
        },
      },
      field,
      el("button", { type: "submit", class: "quiet" }, turn.note ? "Change" : "Send"),
    );
  }

  /** The question becomes a field; what came after it goes when it is sent. */
  editing(turn) {
    const field = el("textarea", { value: this.question, rows: 2, aria: { label: "Edit the question" } });
    const back = () => form.replaceWith(this.asked);
    const form = el(
      "form",
      {
        class: "edit",
        onsubmit: (event) => {
          event.preventDefault();
          if (field.value.trim()) this.doings.edit(turn, field.value);
        },
      },
      field,
      el("button", { type: "submit" }, "Send"),
      button("Cancel", back),
    );
    field.addEventListener("keydown", (event) => event.key === "Escape" && back());
    this.asked.replaceWith(form);
    field.focus();
  }

  /** Questions that the index answers. */
  offer(questions) {
    if (!questions.length) return;
    const asked = questions.map((question) => button(question, () => this.doings.ask(question), { class: "offer" }));
    const words = this.turn.answer.abstained ? "The articles can answer:" : "Ask next:";
    this.foot.append(el("div", { class: "follow" }, el("p", {}, words), ...asked));
  }

  /** Statements that no mark in the text stands for: a failed citation is shown too. */
  unmarked(answer) {
    const fine = ["verified", "quoted"];
    const found = (answer.unmarked ?? []).map((at) => answer.verdicts[at]).filter((one) => !fine.includes(one.verdict));
    if (!found.length) return null;
    const lines = found.map((one) => el("li", { class: "verdict", data: { verdict: one.verdict } }, sign(one.verdict), ` “${one.claim}”: ${one.words}`));
    return el("ul", { class: "unmarked" }, ...lines);
  }

  /** It ended without an answer. */
  fail(message) {
    this.wait.remove();
    this.text.removeAttribute("aria-busy");
    this.foot.replaceChildren(el("p", { class: "failed", role: "alert" }, message), button("Ask again", () => this.doings.ask(this.question)));
  }
}
