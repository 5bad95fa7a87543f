/**
 * The rows of a dataset as the map draws and opens them. Any column may be called "href" or "layer": only what stands
 * here reaches the rest of the map, and the values go along as one text.
 */
import { bounds } from "./geometry.js";

const SHOWN = 8;
const LONGEST = 120;
/** Words that a column has in its name where its values name things, the best first. */
const NAMING = ["name", "nome", "denominazione", "title", "titolo", "descrizione", "comune", "label"];

export function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The column whose values stand above a popup: one that says it is a name, else the first with words in it. */
function namingColumn(features) {
  const columns = Object.keys(features[0]?.properties ?? {});
  for (const word of NAMING) {
    const found = columns.find((column) => column.toLowerCase().includes(word));
    if (found) return found;
  }
  return columns.find((column) => typeof features[0].properties[column] === "string") ?? columns[0];
}

/** A collection of shapes becomes its shapes: a layer draws one kind. */
function parts(geometry) {
  return geometry?.type === "GeometryCollection" ? geometry.geometries.flatMap(parts) : geometry ? [geometry] : [];
}

export function asRows(data) {
  const naming = namingColumn(data.features);
  const features = data.features.flatMap(({ id, geometry, properties }) => {
    const known = Object.entries(properties).filter(([, value]) => value !== null && value !== "");
    const values = known.slice(0, SHOWN).map(([column, value]) => [cut(column), cut(String(value))]);
    const name = cut(String(properties[naming] ?? id));
    return parts(geometry).map((part) => ({
      type: "Feature",
      geometry: part,
      properties: { layer: "row", id, name, values: JSON.stringify(values) },
    }));
  });
  return { type: "FeatureCollection", features };
}

/** The middle of a shape's extent. */
function middle(feature) {
  const [[west, south], [east, north]] = bounds({ features: [feature] }) ?? [[0, 0], [0, 0]];
  return [(west + east) / 2, (south + north) / 2];
}

/** Of all places, these shares count: a place put at 0°, 0° by mistake must not push the others into a corner. */
const [FROM, TO] = [0.01, 0.99];
const FAR = 3;

/** The extent to show first: of nearly all places, where a few lie far from the others; else of all. */
export function firstBounds(data) {
  const whole = bounds(data);
  if (!whole || data.features.length < 20) return whole;
  const middles = data.features.map(middle);
  const range = (axis) => {
    const sorted = middles.map((one) => one[axis]).sort((a, b) => a - b);
    return [FROM, TO].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
  };
  const [[west, east], [south, north]] = [range(0), range(1)];
  const wide = whole[1][0] - whole[0][0] > FAR * (east - west);
  const high = whole[1][1] - whole[0][1] > FAR * (north - south);
  if (!wide && !high) return whole;
  const near = middles.map(([x, y]) => x >= west && x <= east && y >= south && y <= north);
  return bounds({ features: data.features.filter((_, at) => near[at]) }) ?? whole;
}
