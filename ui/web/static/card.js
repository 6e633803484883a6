// The card that a chip shows on hover or keyboard focus: title, publisher, date, the words, the verdict.
import { by, el } from "./dom.js";

// Words that were only quoted have no sign: nothing about them was checked.
export const SIGNS = { verified: "✓", quoted: "", unsupported: "✗", unchecked: "?", pending: "…" };
const GAP = 8; // pixels between a chip and its card
const LINGER = 200; // milliseconds that the pointer has to get from the chip to the card

let owner = null;
let leaving = 0;

/** @param {HTMLElement} chip @param {() => Node[]} content made only when it is shown */
export function attach(chip, content) {
  chip.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(chip, content));
  chip.addEventListener("pointerleave", leave);
  chip.addEventListener("focus", () => chip.matches(":focus-visible") && show(chip, content));
  chip.addEventListener("blur", hide);
}

function show(chip, content) {
  clearTimeout(leaving);
  const card = by("card");
  owner?.removeAttribute("aria-describedby");
  owner = chip;
  card.replaceChildren(...content());
  card.hidden = false;
  chip.setAttribute("aria-describedby", "card");
  const at = chip.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const below = at.bottom + GAP + size.height <= innerHeight || at.top < size.height + GAP;
  card.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - size.width - GAP))}px`;
  card.style.top = `${Math.max(GAP, below ? at.bottom + GAP : at.top - size.height - GAP)}px`;
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, LINGER);
}

export function hide() {
  clearTimeout(leaving);
  by("card").hidden = true;
  owner?.removeAttribute("aria-describedby");
  owner = null;
}

export function start() {
  const card = by("card");
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  addEventListener("scroll", hide, { capture: true, passive: true });
}

/** What a card says of a passage and of the statement it is cited for. */
export function passage(source, verdict) {
  const day = [source.publisher, source.date, source.page && `p. ${source.page}`].filter(Boolean).join(" · ");
  return [
    el("p", { class: "title" }, source.title || source.article_id),
    day && el("p", { class: "meta" }, day),
    source.quote && el("blockquote", {}, source.quote),
    verdict && el("p", { class: "verdict", data: { verdict: verdict.verdict } }, sign(verdict.verdict), ` ${verdict.words}`),
    standing(source),
  ].filter(Boolean);
}

export const sign = (verdict) => el("span", { class: "sign", aria: { hidden: true } }, SIGNS[verdict] ?? SIGNS.pending);

const STANDING = { unchanged: "source unchanged", edited: "edited since", removed: "removed since" };

/** Whether the article is still what it was when it was cited. */
export function standing(source) {
  const words = STANDING[source.standing];
  return words ? el("p", { class: "standing", data: { standing: source.standing } }, words) : null;
}
