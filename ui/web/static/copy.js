// Onto the clipboard: an answer with its citations in three forms, or one quote.
import { announce, notice } from "./dom.js";

/** @param {{ text: string, html?: string }} forms */
export async function copy({ text, html }) {
  try {
    if (html && "ClipboardItem" in window) {
      const item = { "text/plain": new Blob([text], { type: "text/plain" }), "text/html": new Blob([html], { type: "text/html" }) };
      await navigator.clipboard.write([new ClipboardItem(item)]);
    } else await navigator.clipboard.writeText(text);
    announce("Copied.");
    notice("");
  } catch {
    notice("The browser would not let Pincite copy: allow the clipboard for this page, or download the conversation.");
  }
}
