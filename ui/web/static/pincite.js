// What Gradio's components have no event for: addresses inside the page, focus and scrolling, whole copies, files
// dropped anywhere, a server that went away.

const find = (what, within = document) => within.querySelector(what);
const question = () => find("#question textarea");

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- addresses of the page, told to the server through a field that nobody sees -------------------------------

let told = 0;
let marked = ""; // the words that the panel was scrolled to
let opened = ""; // the conversation that is shown
let deleted = ""; // the conversation that was open as the button to delete was pressed
const named = new Set(); // the conversations that the address bar has named
const chat = () => new URLSearchParams(location.search).get("c");

function tell() {
  named.add(chat());
  const field = find("#route textarea");
  if (field) put(field, `${location.search}${location.hash} ${++told}`);
}

function go(to) {
  if (to === location.hash) { marked = ""; follow(); return; } // pointed at again: back to the words
  const panel = find("#panel .source");
  if (to === "#") to = chat() ? `?c=${chat()}` : "?";
  if (to === "?") to = location.pathname;
  if (panel && to.startsWith("#")) history.replaceState(null, "", to); // one step back leads out of the panel
  else history.pushState(null, "", to);
  tell();
}

addEventListener("click", event => {
  if (event.target.closest?.("#sure")) deleted = opened;
  const link = event.target.closest?.('a[href^="#"], a[href^="?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const to = link.getAttribute("href");
  if (to === "#theme") localStorage.setItem("dark", document.body.classList.toggle("dark") ? "1" : "0");
  else if (to === "#signout") fetch("/logout", { method: "POST" }).then(() => { location.href = "/"; });
  else if (to === "#question") question().focus();
  else go(to);
  const sidebar = innerWidth <= 768 && link.closest("#sidebar.open");
  if (sidebar) find(".toggle-button", sidebar).click(); // it covers all of a small screen
});
addEventListener("popstate", tell);
document.addEventListener("visibilitychange", () => { if (!document.hidden && ready) { follow(); tell(); } });

// --- what follows a change of the page ------------------------------------------------------------------------

let asked = 0;
let ready = false;

function begin() {
  ready = true;
  if (localStorage.getItem("dark")) document.body.classList.toggle("dark", localStorage.getItem("dark") === "1");
  question().setAttribute("aria-label", "Your question");
  put(question(), sessionStorage.getItem("draft") ?? "");
  addEventListener("pagehide", () => sessionStorage.setItem("draft", question().value));
  if (location.search.includes("c=") || location.hash) tell();
}

function follow() {
  if (!ready && question() && find("#route textarea")) begin();
  const here = find("#here textarea")?.value ?? "";
  if (here !== opened) { // a reply to an address changes none: the reader may have gone on since
    if (here && !named.has(here)) history.pushState(null, "", `?c=${here}`); // begun
    if (!here && chat() === deleted) history.replaceState(null, "", location.pathname);
    named.add(here);
    opened = here;
  }
  // Gradio names a message by its source, which a screen reader would read out as markup.
  for (const one of document.querySelectorAll('#chat [data-testid][aria-label*="<"]')) one.removeAttribute("aria-label");
  for (const arrow of document.querySelectorAll("#chat .thought .arrow")) arrow.inert = true; // a button in a button
  find("#chat .examples")?.removeAttribute("role"); // a list of no list items
  find("#files .upload-container")?.removeAttribute("aria-label"); // other words than those it shows
  const questions = document.querySelectorAll("#chat .asked");
  if (questions.length > asked) questions[questions.length - 1].closest(".message-row").scrollIntoView();
  asked = questions.length;
  const edited = find("#chat textarea");
  if (edited?.value.startsWith("<div")) put(edited, new DOMParser().parseFromString(edited.value, "text/html").body.textContent);
  const source = find("#source .source");
  const current = source && find("mark.current", source);
  const mark = source && `${current?.id} ${find("header", source)?.textContent}`;
  if (source && mark !== marked) {
    current?.scrollIntoView({ block: "center" });
    find("#panel").tabIndex = -1;
    find("#panel").focus({ preventScroll: true });
  }
  if (marked && !source && location.hash) history.replaceState(null, "", location.search || location.pathname);
  marked = mark;
  attached().forEach((one, at) => { one.dataset.name = names[at] ?? ""; });
}

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; follow(); });
}).observe(document.documentElement, { childList: true, subtree: true, characterData: true });

// --- keys ------------------------------------------------------------------------------------------------------

addEventListener("keydown", event => {
  if (event.key === "Escape") {
    const stop = find("#question .stop-button");
    if (stop) stop.click();
    else if (find("#panel .source")) { go("#"); question().focus(); }
  }
  if (event.key === "ArrowUp" && event.target === question() && !question().value) {
    const answers = document.querySelectorAll("#chat .answer");
    find(".chip", answers[answers.length - 1] ?? document)?.focus();
  }
});

// --- copies have their quotes and addresses ----------------------------------------------------------------------

addEventListener("click", async event => {
  const button = event.target.closest?.('#chat [aria-label="Copy message"]');
  if (!button) return;
  event.stopImmediatePropagation(); // Gradio would copy the answer's markup
  const row = button.closest(".message-row");
  const turn = find(".answer[id]", row)?.id.slice(2);
  const said = turn ? await (await fetch(`/api/turns/${turn}/copy`)).json() : { text: find(".asked", row).textContent };
  const item = { "text/plain": new Blob([said.text], { type: "text/plain" }) };
  if (said.html) item["text/html"] = new Blob([said.html], { type: "text/html" });
  await navigator.clipboard.write([new ClipboardItem(item)]);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 2000);
}, true);
addEventListener("beforeprint", () => document.querySelectorAll("#chat .thought .title:not(.expanded)").forEach(fold => fold.click()));

// --- files dropped anywhere: in the tab of the articles they are added, else attached to the question, with names ----

const most = 20 * 2 ** 20 + 1; // bytes of a file that are sent: enough for the server to see that it is too large
let names = []; // of the files in the question box
const attached = () => [...document.querySelectorAll("#question .thumbnail-item")];

for (const kind of ["dragover", "drop"]) addEventListener(kind, event => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (kind === "dragover") return;
  const adding = find("#files")?.checkVisibility();
  if (!adding) find("#tabs [role=tab]").click();
  const field = find(adding ? "#files input[type=file]" : "#question input[type=file]");
  if (!field) return;
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}, true);
addEventListener("change", event => {
  if (!event.target.files) return;
  const given = new DataTransfer();
  for (const file of event.target.files) given.items.add(file.size < most ? file : new File([file.slice(0, most)], file.name));
  event.target.files = given.files; // Gradio would send none of them
  if (event.target.closest("#question")) names = [...names.slice(0, attached().length), ...[...given.files].map(one => one.name)];
}, true);
addEventListener("click", event => {
  const at = attached().findIndex(one => find(".delete-button", one)?.contains(event.target));
  if (at >= 0) names.splice(at, 1);
}, true);

// --- a server that went away --------------------------------------------------------------------------------------

let running;
setInterval(async () => {
  const now = await fetch("/gradio_api/app_id").then(reply => reply.text()).catch(() => "");
  document.body.classList.toggle("gone", !now);
  if (now && running && now !== running) location.reload();
  running = now || running;
}, 3000);
