/**
 * Draws every [data-map] element: its GeoJSON on a plain ground, without tile server or glyph server.
 * Everything shown comes from the page's own server; text from the data is only ever set as text.
 */
import { LngLat, LngLatBounds, Map as MapLibreMap, NavigationControl, Popup, ScaleControl, setWorkerUrl } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
// Without this address the worker is looked for beside the bundled script, and the map stays blank.
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "./map.css";
import { bounds, uncertaintyAreas } from "./geometry.js";
import { asRows, firstBounds } from "./rows.js";
import { drawLegend, siteImages } from "./symbols.js";
import { layers, NAMES_AFTER } from "./style.js";
import { addTiles, asRow, drawClasses, firstBox, isTile, isTiled, TILE_AREAS, TILE_LINES, TILE_POINTS } from "./tiles.js";
import { wordsFor } from "./words.js";

setWorkerUrl(workerUrl);

/** Layers whose features can be opened: points by nearness, then lines, then areas. */
const OPENABLE = [
  ...["site", "where-site", "place", "stop", "row-point", ...TILE_POINTS],
  ...["way-ride", "way-drive", "way-walk", "way-straight", "line", "row-line", ...TILE_LINES],
  ...["ring-fill", "area-fill", "row-fill", "where-fill", ...TILE_AREAS],
];
/** How far from the pointer, or from the centre for the keyboard, a feature may be: in CSS pixels. */
const POINTER_REACH = 6;
const KEYBOARD_REACH = 60;
/** Of one site alone: some ten kilometres around it. */
const FIRST_ZOOM_AT_MOST = 11.5;
/** Of the rows of a dataset, of what is within reach, of a way: some streets around them. */
const FIRST_ZOOM_OF_ROWS = 16;

export async function startMaps(elements) {
  drawLegend(document);
  drawClasses(document);
  const shown = await Promise.all(elements.map(startMap));
  document.documentElement.dataset.mapReady = shown.every(Boolean) ? "true" : "fallback";
}

/** Returns true once the map is drawn, false where the fallback text was shown instead. */
async function startMap(element) {
  const words = wordsFor(element);
  try {
    const fetched = isTiled(element) ? { features: [] } : await fetchFeatures(element.dataset.map);
    const data = element.dataset.mapRows === undefined ? fetched : asRows(fetched);
    const map = createMap(element, data, words);
    // For the browser's console and for tests.
    element.map = map;
    await drawData(map, data);
    // Where a brief fits every point of the map can be opened, not only what lies there.
    const [cells] = inLayers(data, "where");
    if (cells) element.dataset.mapOpenPoint = cells.properties.open;
    if (isTiled(element)) await addTiles(map, element);
    listenToPointer(map, words);
    listenToKeyboard(map, words);
    if (element.dataset.highlight !== undefined) listenToList(map, element.dataset.highlight);
    if (!isTiled(element)) await idle(map);
    return true;
  } catch (error) {
    console.warn("portico: the map is not shown:", error);
    showFallback(element);
    return false;
  }
}

const inLayers = (data, ...layers) => data.features.filter(({ properties }) => layers.includes(properties.layer));

/**
 * What the page is about is what the first view shows: a way from end to end, what is within reach, else the sites,
 * and the places around one alone.
 */
function firstView(data) {
  const ways = inLayers(data, "way");
  if (ways.length > 0) return [bounds({ features: inLayers(data, "way", "site", "place") }), FIRST_ZOOM_OF_ROWS];
  // Where a brief fits: the better half of all that is not excluded.
  const cells = inLayers(data, "where").filter(({ properties }, _, all) => properties.shade > (all.length > 2 ? 0 : -1));
  if (cells.length > 0) return [bounds({ features: cells }), FIRST_ZOOM_AT_MOST];
  const rings = inLayers(data, "ring");
  if (rings.length > 0) return [bounds({ features: rings }), FIRST_ZOOM_OF_ROWS];
  const sites = inLayers(data, "site");
  const within = inLayers(data, "place").filter(({ properties }) => properties.in_reach);
  if (within.length > 0) return [bounds({ features: [...sites, ...within] }), FIRST_ZOOM_AT_MOST];
  return [bounds(sites.length > 0 ? { features: sites } : data), FIRST_ZOOM_AT_MOST];
}

async function fetchFeatures(url) {
  const response = await fetch(url, { headers: { accept: "application/geo+json" } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

function createMap(element, data, words) {
  const canvas = document.createElement("div");
  canvas.className = "map-canvas";
  element.append(canvas);
  const isOfRows = element.dataset.mapRows !== undefined;
  // Names stand to the right of what they name.
  const padding = inLayers(data, "way").length > 0 ? { top: 48, bottom: 48, left: 48, right: 128 } : 48;
  const [box, maxZoom] = isTiled(element)
    ? [firstBox(element), FIRST_ZOOM_OF_ROWS]
    : isOfRows
      ? [firstBounds(data), FIRST_ZOOM_OF_ROWS]
      : firstView(data);
  const map = new MapLibreMap({
    container: canvas,
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": "#eef2f5" } }] },
    ...(box && { bounds: new LngLatBounds(...box), fitBoundsOptions: { padding, maxZoom } }),
    // Kept so that a page can be printed and a test can read pixels.
    canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    cooperativeGestures: true,
    locale: words.controls,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  if (element.dataset.attribution) map.addControl(attribution(element.dataset.attribution), "bottom-right");
  map.getCanvas().setAttribute("aria-label", words.map);
  const fallback = element.querySelector("[data-map-fallback]");
  if (fallback) fallback.hidden = true;
  return map;
}

/** MapLibre's own control writes its text as HTML; this one does not. */
function attribution(text) {
  const container = document.createElement("div");
  container.className = "maplibregl-ctrl map-attribution";
  container.textContent = text;
  return { onAdd: () => container, onRemove: () => container.remove() };
}

async function drawData(map, data) {
  if (!map.isStyleLoaded()) await map.once("load");
  for (const [name, image] of siteImages()) map.addImage(name, image, { pixelRatio: 2 });
  map.addSource("features", { type: "geojson", data, promoteId: "id" });
  map.addSource("uncertainty", { type: "geojson", data: uncertaintyAreas(data) });
  // Sliders put sites in a new order: the numbers beside their names follow.
  document.addEventListener("portico:ranked", ({ detail }) => {
    for (const { properties } of inLayers(data, "site")) properties.rank = detail.get(properties.id) ?? "";
    map.getSource("features").setData(data);
  });
  // On a way both ends are called by name from the beginning; within reach, what there is room for.
  const names = inLayers(data, "way", "ring").length > 0 || data.why_no_area ? 0 : map.getZoom() + NAMES_AFTER;
  for (const layer of layers(names)) map.addLayer(layer);
}

function idle(map) {
  return new Promise((resolve) => map.once("idle", resolve));
}

function showFallback(element) {
  element.querySelector(".map-canvas")?.remove();
  const fallback = element.querySelector("[data-map-fallback]");
  if (fallback) fallback.hidden = false;
  element.classList.add("map-missing");
}

/** The feature nearest to a point of the canvas; whatever has a point comes before lines, and these before areas. */
function nearest(map, point, reach) {
  const box = [
    [point.x - reach, point.y - reach],
    [point.x + reach, point.y + reach],
  ];
  const layers = OPENABLE.filter((layer) => map.getLayer(layer));
  const found = map.queryRenderedFeatures(box, { layers });
  const under = map.queryRenderedFeatures([point.x, point.y], { layers });
  // Of areas that touch each other the one under the point comes first.
  const isUnder = ({ id, layer }) => under.some((one) => one.id === id && one.layer.id === layer.id);
  const rank = (feature) => {
    const { type, coordinates } = feature.geometry;
    if (type === "Point") return map.project(coordinates).dist(point);
    return reach * (2 + OPENABLE.indexOf(feature.layer.id) - (isUnder(feature) ? 0.5 : 0));
  };
  return found.sort((a, b) => rank(a) - rank(b))[0];
}

function listenToPointer(map, words) {
  map.on("click", (event) => {
    const feature = nearest(map, event.point, POINTER_REACH);
    if (feature) openPopup(map, feature, event.lngLat, words);
  });
  map.on("mousemove", (event) => {
    const feature = nearest(map, event.point, POINTER_REACH);
    map.getCanvas().style.cursor = feature ? "pointer" : "";
    highlightEntries(feature?.layer.id === "site" ? feature.properties.id : undefined);
  });
}

/** Arrows and plus and minus are MapLibre's; Enter opens what is nearest to the centre, Escape closes it. */
function listenToKeyboard(map, words) {
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // The popup takes the focus at once: the same key must not press what is in it.
    event.preventDefault();
    const centre = map.project(map.getCenter());
    const feature = nearest(map, centre, KEYBOARD_REACH);
    if (feature) openPopup(map, feature, map.getCenter(), words);
  });
}

function openPopup(map, feature, at, words) {
  const place = feature.geometry.type === "Point" ? feature.geometry.coordinates : at;
  const told = isTile(feature) ? asRow(feature, map.getContainer().parentElement.dataset.mapRowsAt, words) : feature.properties;
  const popup = new Popup({ focusAfterOpen: true, maxWidth: "18rem", locationOccludedOpacity: 1 })
    .setLngLat(place)
    .setDOMContent(popupContent(told, words, pointLink(map, LngLat.convert(place))))
    .addTo(map);
  popup.getElement().addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    popup.remove();
    map.getCanvas().focus();
  });
}

/** The address of this page at a point, where it can say what counts there. */
function pointLink(map, at) {
  const label = map.getContainer().parentElement.dataset.mapOpenPoint;
  if (!label) return undefined;
  const address = new URL(window.location.href);
  address.searchParams.set("at", `${at.lat.toFixed(5)},${at.lng.toFixed(5)}`);
  address.hash = "cell";
  return { label, href: address.href };
}

function popupContent({ name, id, href, kind, kind_label, state, state_label, uncertainty_m, values }, words, here) {
  const content = document.createElement("div");
  const add = (tag, text, className) => {
    const part = document.createElement(tag);
    part.className = className;
    part.textContent = text;
    content.append(part);
    return part;
  };
  add("strong", name ?? id ?? "", "map-popup-name");
  const about = [kind_label ?? kind, state_label ?? state].filter(Boolean).join(" · ");
  if (about) add("span", about, "map-popup-about");
  if (uncertainty_m > 0) add("span", words.within(uncertainty_m), "map-popup-about");
  for (const [column, value] of values ? JSON.parse(values) : []) add("span", `${column}: ${value}`, "map-popup-about");
  if (href && isOwnPage(href)) add("a", words.open, "map-popup-link").href = href;
  if (here) add("a", here.label, "map-popup-link").href = here.href;
  return content;
}

/** A link out of the data opens a page of this portal, never a script or another site. */
function isOwnPage(href) {
  return new URL(href, document.baseURI).origin === window.location.origin;
}

function entriesOf(id) {
  return document.querySelectorAll(`[data-site-id="${CSS.escape(id)}"]`);
}

let highlightedEntry;

/** Marks the list entries of the site under the pointer. */
function highlightEntries(id) {
  if (id === highlightedEntry) return;
  if (highlightedEntry !== undefined) for (const entry of entriesOf(highlightedEntry)) entry.classList.remove("is-highlighted");
  if (id !== undefined) for (const entry of entriesOf(id)) entry.classList.add("is-highlighted");
  highlightedEntry = id;
}

/** Marks on the map the site whose list entry is under the pointer or has the focus. */
function listenToList(map, selector) {
  const list = selector ? document.querySelector(selector) : document;
  if (!list) return;
  let current;
  const mark = (id) => {
    if (id === current) return;
    if (current !== undefined) map.setFeatureState({ source: "features", id: current }, { highlight: false });
    if (id !== undefined) map.setFeatureState({ source: "features", id }, { highlight: true });
    current = id;
  };
  const idOf = (event) => event.target.closest?.("[data-site-id]")?.dataset.siteId;
  for (const name of ["mouseover", "focusin"]) list.addEventListener(name, (event) => mark(idOf(event)));
  for (const name of ["mouseleave", "focusout"]) list.addEventListener(name, () => mark(undefined));
}
