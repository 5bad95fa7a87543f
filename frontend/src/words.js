/** A cell of a row: whole numbers as they are, since they may be names; of others what matters, in the marks of the language. */
function valueIn(language, yes, no) {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  return (value) => {
    if (typeof value === "boolean") return value ? yes : no;
    return typeof value === "number" && !Number.isInteger(value) ? number.format(value) : String(value);
  };
}

/** The few words the map itself says, in the portal's two languages. Everything else comes from the server. */
const WORDS = {
  en: {
    value: valueIn("en", "yes", "no"),
    map: "Map. Arrow keys move it, plus and minus zoom, Enter opens what is nearest to the centre.",
    open: "Open the page",
    within: (metres) => `Position known within about ${metres} m`,
    controls: {
      "NavigationControl.ZoomIn": "Zoom in",
      "NavigationControl.ZoomOut": "Zoom out",
      "Popup.Close": "Close",
      "Map.Title": "Map",
      "CooperativeGesturesHandler.WindowsHelpText": "Use Ctrl + scroll to zoom the map",
      "CooperativeGesturesHandler.MacHelpText": "Use ⌘ + scroll to zoom the map",
      "CooperativeGesturesHandler.MobileHelpText": "Use two fingers to move the map",
    },
  },
  it: {
    value: valueIn("it", "sì", "no"),
    map: "Mappa. Le frecce la spostano, più e meno cambiano scala, Invio apre ciò che è più vicino al centro.",
    open: "Apri la pagina",
    within: (metres) => `Posizione nota entro circa ${metres} m`,
    controls: {
      "NavigationControl.ZoomIn": "Ingrandisci",
      "NavigationControl.ZoomOut": "Riduci",
      "Popup.Close": "Chiudi",
      "Map.Title": "Mappa",
      "CooperativeGesturesHandler.WindowsHelpText": "Ctrl + rotella per cambiare scala",
      "CooperativeGesturesHandler.MacHelpText": "⌘ + rotella per cambiare scala",
      "CooperativeGesturesHandler.MobileHelpText": "Due dita per spostare la mappa",
    },
  },
};

/** By the nearest `lang`, English where it is neither. */
export function wordsFor(element) {
  const language = element.closest("[lang]")?.lang.slice(0, 2);
  return WORDS[language] ?? WORDS.en;
}
