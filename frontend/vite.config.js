import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const italia = new URL("node_modules/bootstrap-italia/", import.meta.url);

/** Files served as they are: the sprite of icons, and the licences of the fonts, which travel with them. */
function copied() {
  return {
    name: "portico-copied",
    apply: "build",
    generateBundle() {
      const copy = (from, fileName) =>
        this.emitFile({ type: "asset", fileName, source: readFileSync(new URL(from, italia)) });
      copy("dist/svg/sprites.svg", "sprites.svg");
      for (const family of readdirSync(new URL("dist/fonts/", italia))) {
        for (const file of readdirSync(new URL(`dist/fonts/${family}/`, italia))) {
          if (file.endsWith(".txt")) copy(`dist/fonts/${family}/${file}`, `licences/${family}-${file}`);
        }
      }
    },
  };
}

/** Bootstrap Italia carries the font of a video player in its style sheet: the policy forbids it, nothing uses it. */
function withoutInlineFonts() {
  return {
    name: "portico-without-inline-fonts",
    enforce: "pre",
    transform(code, id) {
      if (id.includes("bootstrap-italia.min.css")) return code.replace(/@font-face\s*\{[^}]*url\(data:[^}]*\}/g, "");
    },
  };
}

export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [withoutInlineFonts(), copied()],
  build: {
    outDir: fileURLToPath(new URL("../src/portico/web/static", import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    // The licences of everything bundled, in one file beside it.
    license: { fileName: "licences/packages.md" },
    // The portal's content security policy allows no font from a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: "src/main.js" },
  },
});
