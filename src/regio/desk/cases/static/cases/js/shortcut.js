/* Follows a link or presses a button by Alt and its letter (data-shortcut), as its label says; without it people tab there. */
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const letter = event.code.replace("Key", "").toLowerCase();
  const target = [...document.querySelectorAll("[data-shortcut]")].find((one) => one.dataset.shortcut === letter);
  if (!target) return;
  event.preventDefault();
  target.click();
});
