// A letter in Markdown or MJML is kept while it is typed; the form knows the version that was kept.
document.addEventListener("letterKept", (event) => {
  for (const field of document.querySelectorAll("input[name=version]")) {
    field.value = event.detail.version;
  }
});
