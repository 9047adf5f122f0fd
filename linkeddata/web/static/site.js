// Comfort only: every page works without this file.
const say = document.getElementById("say");
const words = { copied: "Copied", selected: "Selected, press Ctrl C to copy", ...say?.dataset }; // in the page's language
const tell = (text) => { if (say) say.textContent = text; };

const select = (element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
};

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = source.textContent.trim().replace(/\s+/g, " ");
    try {
      await navigator.clipboard.writeText(text);
      tell(words.copied + ": " + text.slice(0, 80));
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = label; }, 1600);
    } catch {
      select(source); // browsers give the clipboard to https and localhost only
      tell(words.selected);
    }
  });
}

// The only single key, and not while somebody writes (WCAG 2.2, 2.1.4).
document.addEventListener("keydown", (event) => {
  const writes = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || event.altKey) return;
  const find = document.getElementById("find");
  if (find) {
    event.preventDefault();
    find.focus();
  }
});

const query = document.querySelector("textarea.q");
query?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    query.form.requestSubmit();
  }
});
