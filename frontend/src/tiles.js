/**
 * The places of a version by vector tiles, coloured by the classes of one of its columns. The classes are the server's,
 * and stand in a table below the map; here they get their colours.
 */
import { cut } from "./rows.js";

const SOURCE = "tiles";
const MOST_ZOOM = 16;
/** From little to much; dark enough against the ground at one end, and told apart by lightness alone. */
export const CLASSES = ["#f4e8a2", "#a9d48e", "#53b3a0", "#2b7fa8", "#1d4480"];
export const UNKNOWN = "#d3dae1";
const PLAIN = "#0059b3";

/** Layers whose features can be opened. */
export const TILE_POINTS = ["tile-point"];
export const TILE_LINES = ["tile-line"];
export const TILE_AREAS = ["tile-fill"];

export const isTiled = (element) => element.dataset.mapTiles !== undefined;
export const isTile = (feature) => feature.source === SOURCE;

/** Where the map begins: [[west, south], [east, north]]. */
export function firstBox(element) {
  const [west, south, east, north] = JSON.parse(element.dataset.mapBegins);
  return [
    [west, south],
    [east, north],
  ];
}

/** The colour of a class, of `count` in all: few classes lie as far apart as many. */
function colourOf(place, count) {
  return CLASSES[count > 1 ? Math.round((place * (CLASSES.length - 1)) / (count - 1)) : CLASSES.length - 1];
}

/** A style expression: what has no value is not in a class. */
function colour(element) {
  const column = element.dataset.mapColumn;
  if (!column) return PLAIN;
  const breaks = JSON.parse(element.dataset.mapBreaks);
  const steps = breaks.flatMap((from, place) => [from, colourOf(place + 1, breaks.length + 1)]);
  const first = colourOf(0, breaks.length + 1);
  const value = ["to-number", ["get", column]];
  return ["case", ["has", column], steps.length > 0 ? ["step", value, first, ...steps] : first, UNKNOWN];
}

function layers(element) {
  const shape = (...kinds) => ["in", ["geometry-type"], ["literal", kinds]];
  const column = element.dataset.mapColumn;
  const of = { source: SOURCE, "source-layer": "places" };
  const areas = shape("Polygon", "MultiPolygon");
  const paint = colour(element);
  return [
    { id: "tile-fill", type: "fill", ...of, filter: areas, paint: { "fill-color": paint, "fill-opacity": column ? 1 : 0.2, "fill-antialias": false } },
    {
      id: "tile-edge",
      type: "line",
      ...of,
      filter: areas,
      minzoom: column ? 11 : 0,
      paint: { "line-color": column ? "#ffffff" : PLAIN, "line-width": 0.75, "line-opacity": column ? 0.7 : 1 },
    },
    { id: "tile-line", type: "line", ...of, filter: shape("LineString", "MultiLineString"), paint: { "line-color": paint, "line-width": 1.5 } },
    {
      id: "tile-point",
      type: "circle",
      ...of,
      filter: shape("Point", "MultiPoint"),
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2, 14, 5],
        "circle-color": paint,
        "circle-stroke-color": "#17324d",
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, 0, 12, 0.75],
      },
    },
  ];
}

/** Adds the places to the map; rejects where a tile does not come while the map is first drawn. */
export function addTiles(map, element) {
  const [west, south, east, north] = JSON.parse(element.dataset.mapExtent);
  map.addSource(SOURCE, {
    type: "vector",
    // The worker that fetches tiles has no page whose address it could start from.
    tiles: [window.location.origin + element.dataset.map],
    maxzoom: MOST_ZOOM,
    bounds: [west, south, east, north],
  });
  for (const layer of layers(element)) map.addLayer(layer);
  const note = element.parentElement.querySelector("[data-map-cut]");
  if (note) {
    map.on("idle", () => {
      note.hidden = map.querySourceFeatures(SOURCE, { sourceLayer: "cut" }).length === 0;
    });
  }
  return new Promise((resolve, reject) => {
    map.once("error", ({ error }) => reject(error));
    map.once("idle", resolve);
  });
}

/** A feature of a tile as a popup shows it: any column may be called "href" or "name", so that values go along as one text. */
export function asRow({ id, properties }, rowsAt, words) {
  const values = Object.entries(properties).map(([column, value]) => [cut(column), cut(words.value(value))]);
  const name = properties.id ?? id;
  const href = properties.id === undefined ? undefined : rowsAt + encodeURIComponent(properties.id);
  return { name: cut(String(name)), href, values: JSON.stringify(values.filter(([column]) => column !== "id")) };
}

/** Puts the colour of each class before its words, in the table that tells the same. */
export function drawClasses(root) {
  for (const table of root.querySelectorAll("[data-map-classes]")) {
    const entries = [...table.querySelectorAll("[data-class]")];
    const count = entries.filter(({ dataset }) => dataset.class !== "unknown").length;
    for (const entry of entries) {
      const swatch = document.createElement("span");
      swatch.className = "map-swatch";
      swatch.style.backgroundColor = entry.dataset.class === "unknown" ? UNKNOWN : colourOf(Number(entry.dataset.class), count);
      entry.prepend(swatch);
    }
  }
}
