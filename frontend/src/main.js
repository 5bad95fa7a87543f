import "bootstrap-italia/dist/css/bootstrap-italia.min.css";
import "./fonts.css";
import "./portico.css";
import { startFilters } from "./filter.js";
import { startSliders } from "./sliders.js";
import { startWhere } from "./where.js";

startFilters(document);
startSliders(document);
startWhere(document);

const maps = [...document.querySelectorAll("[data-map]")];
if (maps.length > 0) {
  const { startMaps } = await import("./map.js");
  await startMaps(maps);
}
