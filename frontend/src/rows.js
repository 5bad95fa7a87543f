/**
 * The rows of a dataset as the map draws and opens them. Any column may be called "href" or "layer": only what stands
 * here reaches the rest of the map, and the values go along as one text.
 */
const SHOWN = 8;
const LONGEST = 120;
/** Words that a column has in its name where its values name things, the best first. */
const NAMING = ["name", "nome", "denominazione", "title", "titolo", "descrizione", "comune", "label"];

function cut(text) {
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
