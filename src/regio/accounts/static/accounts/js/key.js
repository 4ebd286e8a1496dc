/* Makes and uses keys (passkeys) for the second step; the form stays hidden where the browser has none. */
const form = document.querySelector("form[data-key]");
const options = document.getElementById("key-options");
const ways = {
  maak: (given) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(given.creation_options.publicKey) }),
  haal: (given) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(given.request_options.publicKey) }),
};

async function answer() {
  const credential = await ways[form.dataset.key](JSON.parse(options.textContent));
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}

if (form && options && window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer().catch(() => { form.querySelector("[data-key-failed]").hidden = false; });
  });
}
