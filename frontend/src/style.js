/** The layers of the map, from the ground up. No `glyphs`: labels are drawn with the page's own fonts. */
import { SITE_COLOUR, SITE_IMAGE } from "./symbols.js";
import { CLASSES, UNKNOWN } from "./tiles.js";

/** Kinds of place by which one arrives: drawn hollow. */
const WAYS_OF_ARRIVING = ["airport", "rail-station", "metro-station", "bus-station", "motorway-junction", "intermodal-terminal", "port"];
const FONT = ["Titillium Web"];
const GREY = "#5a6772";
const INK = "#17324d";
/** Names appear this many zoom steps after the first view. */
export const NAMES_AFTER = 1.5;

const BLUE = "#0059b3";
/** The places of a dataset: blue, whatever their shape. */
const row = (...shapes) => ["all", ["==", ["get", "layer"], "row"], ["in", ["geometry-type"], ["literal", shapes]]];
const only = (layer) => ["==", ["get", "layer"], layer];
const label = { "text-font": FONT, "text-size": 14, "text-anchor": "left", "text-justify": "left", "text-offset": [1, 0] };
const halo = { "text-color": INK, "text-halo-color": "#ffffff", "text-halo-width": 2 };

/** What is within reach, the nearest ring first; the page's legend has the same colours (portico.css). */
const RINGS = ["#76ade3", "#9cc5ed", "#bbd7f3", "#d3e5f7", "#e2eefa"];
/** A place within reach is darker than the others. */
const PLACE = ["case", ["==", ["get", "in_reach"], true], INK, GREY];
const way = (...kinds) => ["all", only("way"), ["in", ["get", "way"], ["literal", kinds]]];

/** From zoom `zoom` on, places and sites carry their names. */
export function layers(zoom) {
  const names = Math.min(zoom, 16);
  return [
    { id: "area-fill", type: "fill", source: "features", filter: only("area"), paint: { "fill-color": "#d3dce4", "fill-opacity": 0.5 } },
    { id: "area-edge", type: "line", source: "features", filter: only("area"), paint: { "line-color": "#8794a0", "line-width": 1 } },
    {
      id: "ring-fill",
      type: "fill",
      source: "features",
      filter: only("ring"),
      layout: { "fill-sort-key": ["-", 0, ["get", "ring"]] },
      paint: { "fill-color": ["match", ["get", "ring"], ...RINGS.flatMap((colour, ring) => [ring, colour]), RINGS.at(-1)] },
    },
    {
      id: "where-fill",
      type: "fill",
      source: "features",
      filter: only("where"),
      paint: {
        "fill-color": ["match", ["get", "shade"], ...CLASSES.flatMap((colour, shade) => [shade, colour]), UNKNOWN],
        "fill-antialias": false,
      },
    },
    { id: "where-fits-edge", type: "line", source: "features", filter: only("where-fits"), paint: { "line-color": INK, "line-width": 4 } },
    { id: "where-fits", type: "line", source: "features", filter: only("where-fits"), paint: { "line-color": "#ffffff", "line-width": 1.5 } },
    { id: "where-cell", type: "line", source: "features", filter: only("where-cell"), paint: { "line-color": "#8a1020", "line-width": 3 } },
    { id: "ring-edge", type: "line", source: "features", filter: only("ring"), paint: { "line-color": BLUE, "line-width": 1 } },
    {
      id: "street",
      type: "line",
      source: "features",
      filter: only("street"),
      paint: { "line-color": "#6f8296", "line-opacity": 0.55, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.75, 16, 2] },
    },
    { id: "line", type: "line", source: "features", filter: only("line"), paint: { "line-color": GREY, "line-width": 1 } },
    { id: "row-fill", type: "fill", source: "features", filter: row("Polygon", "MultiPolygon"), paint: { "fill-color": BLUE, "fill-opacity": 0.15 } },
    { id: "row-edge", type: "line", source: "features", filter: row("Polygon", "MultiPolygon"), paint: { "line-color": BLUE, "line-width": 1 } },
    { id: "row-line", type: "line", source: "features", filter: row("LineString", "MultiLineString"), paint: { "line-color": BLUE, "line-width": 1.5 } },
    {
      id: "row-point",
      type: "circle",
      source: "features",
      filter: row("Point", "MultiPoint"),
      paint: { "circle-radius": 4, "circle-color": BLUE, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 },
    },
    { id: "uncertainty", type: "fill", source: "uncertainty", paint: { "fill-color": SITE_COLOUR, "fill-opacity": 0.12 } },
    { id: "uncertainty-edge", type: "line", source: "uncertainty", paint: { "line-color": SITE_COLOUR, "line-opacity": 0.6, "line-dasharray": [3, 2] } },
    { id: "way-straight", type: "line", source: "features", filter: way("straight"), paint: { "line-color": GREY, "line-width": 2, "line-dasharray": [4, 3] } },
    {
      id: "way-drive",
      type: "line",
      source: "features",
      filter: way("car", "bicycle"),
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": BLUE, "line-width": 4 },
    },
    {
      id: "way-ride",
      type: "line",
      source: "features",
      filter: way("ride"),
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": BLUE, "line-width": 6 },
    },
    {
      id: "way-walk",
      type: "line",
      source: "features",
      filter: way("walk"),
      layout: { "line-join": "round" },
      paint: { "line-color": INK, "line-width": 3, "line-dasharray": [1.5, 1] },
    },
    {
      id: "stop",
      type: "circle",
      source: "features",
      filter: only("stop"),
      paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": BLUE, "circle-stroke-width": 2.5 },
    },
    {
      id: "place",
      type: "circle",
      source: "features",
      filter: only("place"),
      paint: {
        "circle-radius": 4,
        // Ways of arriving are hollow, places to work with are full.
        "circle-color": ["match", ["get", "kind"], WAYS_OF_ARRIVING, "#ffffff", PLACE],
        "circle-stroke-color": ["match", ["get", "kind"], WAYS_OF_ARRIVING, PLACE, "#ffffff"],
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "where-site",
      type: "circle",
      source: "features",
      filter: only("where-site"),
      paint: { "circle-radius": 4, "circle-color": "#ffffff", "circle-stroke-color": INK, "circle-stroke-width": 1.5 },
    },
    {
      id: "site-highlight",
      type: "circle",
      source: "features",
      filter: only("site"),
      paint: {
        "circle-radius": 18,
        "circle-color": "#ffffff",
        "circle-opacity": ["case", ["boolean", ["feature-state", "highlight"], false], 0.8, 0],
        "circle-stroke-color": INK,
        "circle-stroke-width": 3,
        "circle-stroke-opacity": ["case", ["boolean", ["feature-state", "highlight"], false], 1, 0],
      },
    },
    {
      id: "stop-name",
      type: "symbol",
      source: "features",
      filter: only("stop"),
      layout: { ...label, "text-field": ["get", "name"], "text-size": 12, "text-offset": [0.8, 0] },
      paint: halo,
    },
    {
      id: "place-name",
      type: "symbol",
      source: "features",
      minzoom: names,
      filter: only("place"),
      layout: { ...label, "text-field": ["get", "name"], "text-size": 12, "text-offset": [0.7, 0] },
      paint: { ...halo, "text-color": PLACE },
    },
    {
      // The text may give way to others, the site itself never does.
      id: "site",
      type: "symbol",
      source: "features",
      filter: only("site"),
      layout: {
        ...label,
        "icon-image": SITE_IMAGE,
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "text-optional": true,
        "text-field": [
          "step",
          ["zoom"],
          ["to-string", ["coalesce", ["get", "rank"], ""]],
          names,
          ["concat", ["case", ["==", ["coalesce", ["get", "rank"], ""], ""], "", ["concat", ["to-string", ["get", "rank"]], ". "]], ["coalesce", ["get", "name"], ""]],
        ],
      },
      paint: halo,
    },
  ];
}
