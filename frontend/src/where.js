/**
 * Where a brief fits, at once when a weight moves: the server answers in a tenth of a second, with the page that a button
 * asks for where this script is not there. What changes in it takes the place of what stands here.
 *
 *   <section data-where-weights><form>…<input type="range" name="w"> <output></form></section>
 *   <section data-where-part="best">…
 */
import { drawClasses } from "./tiles.js";

const PAUSE = 120;

export function startWhere(root) {
  const form = root.querySelector("[data-where-weights] form");
  if (form) new Where(root, form);
}

class Where {
  constructor(root, form) {
    this.root = root;
    this.form = form;
    this.inputs = [...form.querySelectorAll("input[type=range]")];
    this.status = form.querySelector("[data-where-status]");
    this.whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
    form.addEventListener("input", () => this.move());
  }

  move() {
    this.speak();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  /** What each slider says: its part of all weight. */
  speak() {
    const total = this.inputs.reduce((sum, { value }) => sum + Number(value), 0);
    for (const input of this.inputs) {
      const text = total > 0 ? `${this.whole.format((100 * Number(input.value)) / total)} %` : "–";
      input.setAttribute("aria-valuetext", text);
      input.parentElement.querySelector("output").textContent = text;
    }
  }

  address() {
    const address = new URL(this.form.action);
    address.search = new URLSearchParams(new FormData(this.form));
    const at = new URL(window.location.href).searchParams.get("at");
    if (at) address.searchParams.set("at", at);
    return address;
  }

  /** The newest question counts; the answer to an older one is left. */
  async ask() {
    this.running?.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    const address = this.address();
    try {
      const response = await fetch(address, { signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fault = page.querySelector("main [role=alert]");
      if (!response.ok || fault) {
        this.status.textContent = fault?.textContent ?? "";
        return;
      }
      await this.show(page, address, signal);
    } catch (error) {
      if (error.name !== "AbortError") console.warn("portico: the weights are not shown:", error);
    }
  }

  async show(page, address, signal) {
    for (const part of this.root.querySelectorAll("[data-where-part]")) {
      const found = page.querySelector(`[data-where-part="${part.dataset.wherePart}"]`);
      if (found) part.replaceWith(this.root.importNode(found, true));
    }
    drawClasses(this.root);
    const moved = page.querySelector("[data-weights-moved]");
    if (moved) this.form.parentElement.querySelector("[data-weights-moved]").hidden = moved.hidden;
    const links = page.querySelectorAll("a[hreflang]");
    this.root.querySelectorAll("a[hreflang]").forEach((link, k) => (link.href = links[k].href));
    window.history.replaceState(null, "", address);
    const first = page.querySelector("[data-where-part=best] li a");
    this.status.textContent = first ? this.form.dataset.first.replace("{name}", first.firstChild.textContent.trim()) : "";
    await this.draw(page.querySelector("[data-map]").dataset.map, signal);
  }

  async draw(url, signal) {
    const map = this.root.querySelector("[data-map]").map;
    if (!map) return;
    const response = await fetch(url, { signal, headers: { accept: "application/geo+json" } });
    if (response.ok) map.getSource("features").setData(await response.json());
  }
}
