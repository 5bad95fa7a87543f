/** What the map computes from GeoJSON: its extent, and circles on the ground. Longitude and latitude, WGS 84. */
const METRES_PER_DEGREE = 111_320;
const CIRCLE_POINTS = 64;

/** Calls `visit(longitude, latitude)` for every position, however deep. */
function eachPosition(geometry, visit) {
  if (!geometry) return;
  if (geometry.type === "GeometryCollection") {
    for (const part of geometry.geometries) eachPosition(part, visit);
    return;
  }
  const walk = (coordinates) => {
    if (typeof coordinates[0] === "number") visit(coordinates[0], coordinates[1]);
    else for (const part of coordinates) walk(part);
  };
  walk(geometry.coordinates);
}

/** [[west, south], [east, north]], or undefined where there is nothing. */
export function bounds(data) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const feature of data.features) {
    eachPosition(feature.geometry, (longitude, latitude) => {
      west = Math.min(west, longitude);
      east = Math.max(east, longitude);
      south = Math.min(south, latitude);
      north = Math.max(north, latitude);
    });
  }
  return west <= east
    ? [
        [west, south],
        [east, north],
      ]
    : undefined;
}

/** A circle of `radius_m` metres on the ground as a closed ring; exact enough below a hundred kilometres. */
function circle([longitude, latitude], radius_m) {
  const high = radius_m / METRES_PER_DEGREE;
  const wide = high / Math.cos((latitude * Math.PI) / 180);
  const ring = [];
  for (let i = 0; i <= CIRCLE_POINTS; i += 1) {
    const angle = ((i % CIRCLE_POINTS) / CIRCLE_POINTS) * 2 * Math.PI;
    ring.push([longitude + wide * Math.cos(angle), latitude + high * Math.sin(angle)]);
  }
  return [ring];
}

/** One area per site whose position is known only within `uncertainty_m` metres. */
export function uncertaintyAreas(data) {
  const features = data.features
    .filter(({ geometry, properties }) => geometry?.type === "Point" && properties.uncertainty_m > 0)
    .map(({ geometry, properties }) => ({
      type: "Feature",
      geometry: { type: "Polygon", coordinates: circle(geometry.coordinates, properties.uncertainty_m) },
      properties: { state: properties.state },
    }));
  return { type: "FeatureCollection", features };
}
