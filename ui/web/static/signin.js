// Signing in, where the server asks for it.
import { by, el } from "./dom.js";

export function signIn() {
  const name = el("input", { type: "text", name: "username", id: "username", autocomplete: "username", required: true });
  const password = el("input", { type: "password", name: "password", id: "password", autocomplete: "current-password", required: true });
  const said = el("p", { class: "failed", role: "alert" });
  const form = el(
    "form",
    {
      class: "signin",
      onsubmit: async (event) => {
        event.preventDefault();
        const reply = await fetch("/login", { method: "POST", body: new URLSearchParams({ username: name.value, password: password.value }) });
        if (reply.ok) location.reload();
        else said.textContent = (await reply.json().catch(() => null))?.detail ?? "The server did not answer: try again.";
      },
    },
    el("h2", {}, "Sign in"),
    el("label", { for: "username" }, "Name"),
    name,
    el("label", { for: "password" }, "Password"),
    password,
    el("button", { type: "submit" }, "Sign in"),
    said,
  );
  document.body.classList.add("outside");
  by("welcome").replaceChildren(form);
  by("ask").hidden = true;
  name.focus();
}
