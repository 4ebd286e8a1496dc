/* Narrows lists of links while a person types. Without this file the form asks the server for the same. */
const form = document.querySelector("[data-filter-list]");

function narrow(lists, words, count) {
  let shown = 0;
  for (const item of lists.querySelectorAll("li")) {
    item.hidden = !item.querySelector("a").textContent.toLowerCase().includes(words);
    shown += item.hidden ? 0 : 1;
  }
  for (const part of lists.querySelectorAll("section, details")) {
    part.hidden = part.querySelector("li:not([hidden])") === null;
    if (part.matches("details")) part.open = words !== "";
  }
  count.textContent = words ? `${shown} gevonden` : "";
}

if (form) {
  const lists = document.querySelector(form.dataset.filterList);
  const count = document.querySelector("[data-filter-count]");
  form.addEventListener("input", (event) => narrow(lists, event.target.value.trim().toLowerCase(), count));
}
