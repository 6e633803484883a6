// One question and its answer: streamed piece by piece, or shown whole from what was kept. Nothing shown moves.
import { attach, passage, sign, SIGNS, standing } from "./card.js";
import { button, count, el, link } from "./dom.js";

const VERDICTS = { verified: "verified", unsupported: "not supported", unchecked: "not checked", pending: "being checked" };
const STAGES = { retrieve: "search", evidence: "evidence", write: "writing" };

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
    this.asked = el("p", { class: "asked" }, question);
    this.searched = el("p", { class: "searched", hidden: true });
    this.limited = el("p", { class: "limited", hidden: true });
    this.text = el("div", { class: "text" });
    this.foot = el("div", { class: "foot" });
    this.wait = el("p", { class: "wait" }, "Looking in the articles…");
    this.element = el(
      "li",
      { class: "turn" },
      el("h2", { class: "unseen" }, `You asked: ${question}`),
      el("div", { class: "question" }, this.asked),
      el("div", { class: "answer", aria: { busy: true } }, this.searched, this.limited, this.wait, this.text, this.foot),
    );
  }

  /** How many are before this question in the queue; 0: it is being answered. */
  place(place) {
    if (this.sources.length) return;
    this.wait.textContent = place > 0 ? `Others are being answered: you are number ${place} in the queue.` : "Looking in the articles…";
  }

  /** The passages are in, before a word is written. */
  evidence({ searched, limited, abstained, sources }) {
    this.sources = sources;
    if (searched) {
      this.searched.textContent = `Searched for: ${searched}`;
      this.searched.hidden = false;
    }
    this.limited.textContent = limited ?? "";
    this.limited.hidden = !limited;
    const found = abstained ? "The articles do not say." : `Reading ${count(sources.length, "passage")}…`;
    this.wait.replaceChildren(
      found,
      ...sources.slice(0, 3).map((source) => el("span", { class: "peek" }, source.quote)),
    );
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
    this.evidence({ searched: answer.searched, limited: answer.limited, abstained: answer.abstained, sources: [...answer.sources, ...answer.other] });
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
    this.element.querySelector(".answer").removeAttribute("aria-busy");
    this.foot.replaceChildren(...this.below(turn));
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

  below(turn) {
    const { answer } = turn;
    return [
      turn.stopped && el("p", { class: "stopped" }, "Stopped: what came until then is shown."),
      ...(answer.differing ?? []).map((said) => el("p", { class: "caveat differing" }, sign("unchecked"), ` ${said}`)),
      answer.note && el("p", { class: "caveat" }, sign("unchecked"), ` ${answer.note}`),
      answer.abstained ? this.nearest(answer) : this.rest(answer),
      this.unmarked(answer),
      this.actions(turn),
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

  /** The passages that came nearest to an answer. */
  nearest(answer) {
    if (!answer.sources.length) return null;
    const cards = answer.sources.map((source) =>
      el("li", { class: "passage" }, el("blockquote", {}, source.quote), this.origin(source), this.standing(source)),
    );
    const credits = [...new Set(answer.sources.map((source) => source.credit).filter(Boolean))];
    return el("section", { class: "nearest" }, el("h3", {}, "Nearest passages"), el("ul", {}, ...cards), ...credits.map((credit) => el("p", { class: "credit" }, credit)));
  }

  actions(turn) {
    const { doings } = this;
    const { answer } = turn;
    const good = answer.verdicts.filter((one) => one.verdict === "verified").length;
    const all = answer.verdicts.length;
    const whole = all && good === all ? "verified" : "unsupported";
    return el(
      "div",
      { class: "actions" },
      all > 0 && el("span", { class: "tally", data: { verdict: whole } }, sign(whole === "verified" ? "verified" : "unchecked"), ` ${good} of ${count(all, "statement")} verified`),
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
    const found = (answer.unmarked ?? []).map((at) => answer.verdicts[at]).filter((one) => one.verdict !== "verified");
    if (!found.length) return null;
    const lines = found.map((one) => el("li", { class: "verdict", data: { verdict: one.verdict } }, sign(one.verdict), ` “${one.claim}”: ${one.words}`));
    return el("ul", { class: "unmarked" }, ...lines);
  }

  /** It ended without an answer. */
  fail(message) {
    this.wait.remove();
    this.element.querySelector(".answer").removeAttribute("aria-busy");
    this.foot.replaceChildren(el("p", { class: "failed", role: "alert" }, message), button("Ask again", () => this.doings.ask(this.question)));
  }
}

const bare = (piece) => (piece.kind === "chip" ? { kind: "chip", label: piece.label } : piece);

const short = (text) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

function menu(name, buttons) {
  const box = el("details", { class: "menu" }, el("summary", { class: "quiet" }, name), el("div", { class: "choices" }, ...buttons));
  const close = () => {
    box.open = false;
  };
  for (const one of buttons) one.addEventListener("click", close);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    close();
    box.firstElementChild.focus();
  });
  box.addEventListener("focusout", (event) => event.relatedTarget instanceof Node && !box.contains(event.relatedTarget) && close());
  return box;
}

/** How long each part took, as bars on one scale. */
function timings(answer) {
  const { total } = answer.timings;
  if (!total) return null;
  const rows = Object.entries(STAGES)
    .filter(([stage]) => stage in answer.timings)
    .flatMap(([stage, name]) => {
      const bar = el("span", { class: "stage" });
      bar.style.inlineSize = `${Math.max(1, (100 * answer.timings[stage]) / total)}%`;
      return [el("dt", {}, name), el("dd", {}, el("span", { class: "track", aria: { hidden: true } }, bar), seconds(answer.timings[stage]))];
    });
  return el("details", { class: "timings" }, el("summary", { class: "quiet" }, `${seconds(total)} · ${answer.model}`), el("dl", {}, ...rows));
}

export const seconds = (value) => (value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`);
