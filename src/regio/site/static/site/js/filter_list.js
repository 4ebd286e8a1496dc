/* Narrows lists of links while a person types. Without this file the form asks the server for the same. */
const form = document.querySelector("[data-filter-list]");

function narrow(lists, words, count) {
  let shown = 0;
  for (const section of lists.querySelectorAll("section")) {
    let here = 0;
    for (const item of section.querySelectorAll("li")) {
      item.hidden = !item.textContent.toLowerCase().includes(words);
      here += item.hidden ? 0 : 1;
    }
    section.hidden = here === 0;
    for (const fold of section.querySelectorAll("details")) {
      fold.hidden = fold.querySelector("li:not([hidden])") === null;
      fold.open = words !== "";
    }
    shown += here;
  }
  count.textContent = words ? `${shown} gevonden` : "";
}

if (form) {
  const lists = document.querySelector(form.dataset.filterList);
  const count = document.querySelector("[data-filter-count]");
  form.addEventListener("input", (event) => narrow(lists, event.target.value.trim().toLowerCase(), count));
}
