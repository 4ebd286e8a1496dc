/* Opens what an address points at. Without this file the fold stands there closed, with its name. */
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const fold = target.closest("details") ?? target.querySelector("details.fold");
  if (!fold) return;
  fold.open = true;
  target.scrollIntoView();
}

addEventListener("hashchange", openTarget);
openTarget();
