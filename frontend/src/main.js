import "bootstrap-italia/dist/css/bootstrap-italia.min.css";
import "./fonts.css";
import "./portico.css";
import { startFilters } from "./filter.js";
import { startSliders } from "./sliders.js";

startFilters(document);
startSliders(document);

const maps = [...document.querySelectorAll("[data-map]")];
if (maps.length > 0) {
  const { startMaps } = await import("./map.js");
  await startMaps(maps);
}
