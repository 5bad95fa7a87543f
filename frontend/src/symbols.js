/**
 * One symbol per state of a site. Shape and size tell the states apart without colour;
 * every colour has at least 4.5:1 against the map's ground.
 */
const STATES = {
  qualified: { colour: "#00614a", shape: "circle", size: 22 },
  available: { colour: "#0059b3", shape: "circle", size: 18 },
  "to-verify": { colour: "#8a4b00", shape: "diamond", size: 20 },
  "under-negotiation": { colour: "#6b3fa0", shape: "triangle", size: 20 },
  "in-redevelopment": { colour: "#4a5560", shape: "square", size: 16 },
  sold: { colour: "#4a5560", shape: "crossed-square", size: 16 },
  withdrawn: { colour: "#4a5560", shape: "cross", size: 14 },
  excluded: { colour: "#a3122a", shape: "cross", size: 14 },
  unknown: { colour: "#4a5560", shape: "ring", size: 16 },
};

/** Everything is drawn at twice its size, for screens that show it. */
const SCALE = 2;
const MARGIN = 3;

function outline(shape, half) {
  const path = new Path2D();
  const polygon = (...points) => {
    points.forEach(([x, y], i) => (i ? path.lineTo(x * half, y * half) : path.moveTo(x * half, y * half)));
    path.closePath();
  };
  if (shape === "circle" || shape === "ring") path.arc(0, 0, half, 0, 2 * Math.PI);
  else if (shape === "diamond") polygon([0, -1], [1, 0], [0, 1], [-1, 0]);
  else if (shape === "triangle") polygon([0, -1], [1, 0.85], [-1, 0.85]);
  else polygon([-1, -1], [1, -1], [1, 1], [-1, 1]);
  return path;
}

function strokeCross(context, half) {
  context.beginPath();
  context.moveTo(-half, -half);
  context.lineTo(half, half);
  context.moveTo(half, -half);
  context.lineTo(-half, half);
  context.stroke();
}

function draw({ colour, shape, size }) {
  const canvas = document.createElement("canvas");
  const side = (size + 2 * MARGIN) * SCALE;
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext("2d");
  context.translate(side / 2, side / 2);
  context.scale(SCALE, SCALE);
  const half = size / 2;
  if (shape === "cross") {
    // A white edge first, so that the sign holds on any ground.
    for (const [style, width] of [["#ffffff", 6], [colour, 3]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      strokeCross(context, half);
    }
    return canvas;
  }
  const path = outline(shape, half);
  context.lineWidth = 4;
  context.strokeStyle = "#ffffff";
  context.stroke(path);
  context.fillStyle = shape === "ring" ? "#ffffff" : colour;
  context.fill(path);
  context.lineWidth = shape === "ring" ? 3 : 1;
  context.strokeStyle = colour;
  context.stroke(path);
  if (shape === "crossed-square") {
    context.strokeStyle = "#ffffff";
    context.lineWidth = 2;
    strokeCross(context, half - 3);
  }
  return canvas;
}

/** [name, pixels] of every symbol, as MapLibre's addImage takes them. */
export function siteImages() {
  return Object.entries(STATES).map(([state, look]) => {
    const canvas = draw(look);
    return [`site-${state}`, canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)];
  });
}

/** The image of a site's feature; a state this page does not know looks unknown. */
export const SITE_IMAGE = [
  "match",
  ["get", "state"],
  Object.keys(STATES),
  ["concat", "site-", ["get", "state"]],
  "site-unknown",
];

/** A value for each state's colour, as a style expression. */
export const SITE_COLOUR = [
  "match",
  ["get", "state"],
  ...Object.entries(STATES).flatMap(([state, { colour }]) => [state, colour]),
  STATES.unknown.colour,
];

/** Puts the same symbol before each [data-state] of a [data-map-legend]; the words there are the server's. */
export function drawLegend(root) {
  for (const entry of root.querySelectorAll("[data-map-legend] [data-state]")) {
    const look = STATES[entry.dataset.state] ?? STATES.unknown;
    const image = document.createElement("img");
    image.alt = "";
    image.className = "map-legend-symbol";
    image.width = look.size + 2 * MARGIN;
    image.height = look.size + 2 * MARGIN;
    image.src = draw(look).toDataURL();
    entry.prepend(image);
  }
}
