/**
 * Filters a long list or table by text, in the page. Without this script the whole list is there.
 *
 *   <div hidden>                      shown by the script
 *     <label for="f">…</label>
 *     <input id="f" type="search" data-filter="#sites">
 *     <output data-filter-status="#sites" data-filter-template="{shown} of {total}"></output>
 *   </div>
 *   <ul id="sites"> or <tbody id="sites">   each child is an entry; data-filter-text adds words to search
 */

/** Text as it is compared: without case, accents and repeated spaces. */
function fold(text) {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}

function startFilter(input, root) {
  const selector = input.dataset.filter;
  const list = root.querySelector(selector);
  if (!list) return;
  const entries = [...list.children].map((element) => ({
    element,
    text: fold(`${element.textContent} ${element.dataset.filterText ?? ""}`),
  }));
  const status = root.querySelector(`[data-filter-status="${CSS.escape(selector)}"]`);

  function apply() {
    const words = fold(input.value).split(" ");
    let shown = 0;
    for (const { element, text } of entries) {
      element.hidden = !words.every((word) => text.includes(word));
      if (!element.hidden) shown += 1;
    }
    if (status) {
      const template = status.dataset.filterTemplate ?? "{shown} / {total}";
      status.textContent = template.replace("{shown}", shown).replace("{total}", entries.length);
    }
  }

  const wrapper = input.closest("[hidden]");
  if (wrapper) wrapper.hidden = false;
  input.addEventListener("input", apply);
  apply();
}

export function startFilters(root) {
  for (const input of root.querySelectorAll("input[data-filter]")) startFilter(input, root);
}
