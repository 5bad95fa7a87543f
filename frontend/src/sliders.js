/**
 * Sliders of weights: the shortlist stands in its new order at once. Without this script a button asks the server,
 * which gives the same scores.
 *
 *   <form data-sliders data-own="25,75" data-shares="0.254,0.746">  the brief's weights in parts of 100, and exactly
 *     <input type="range" name="w"> <output>                          one for each want
 *   <section data-ranked><div class="band"><article data-site-id data-low="0.1,0.2" data-high="0.3,0.2">
 */
import { ranked, sharesOf } from "./ranking.js";

const ADDRESSES = "[data-with-weights], a[hreflang]";

function numbers(text) {
  return text.split(",").map(Number);
}

function same(one, other) {
  return one.length === other.length && one.every((value, k) => value === other[k]);
}

function entriesOf(group) {
  return [...group.querySelectorAll("article[data-low]")].map((element) => ({
    id: element.dataset.siteId,
    low: numbers(element.dataset.low),
    high: numbers(element.dataset.high),
    element,
  }));
}

class Sliders {
  constructor(form) {
    this.form = form;
    this.inputs = [...form.querySelectorAll("input[type=range]")];
    this.own = numbers(form.dataset.own);
    this.shares = numbers(form.dataset.shares);
    this.status = form.querySelector("[data-sliders-status]");
    this.groups = [...document.querySelectorAll("[data-ranked]")].map((element) => ({
      element,
      entries: entriesOf(element),
      unranked: [...element.querySelectorAll("article:not([data-low])")],
    }));
    // What is said to be first: in the first group that has an order at all.
    this.told =
      this.groups.find((each) => each.entries.length > 1) ?? this.groups.find((each) => each.entries.length > 0);
    this.number = new Intl.NumberFormat(document.documentElement.lang === "it" ? "it-IT" : "en-GB", {
      maximumFractionDigits: 2,
    });
    this.whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
    this.first = "";
    this.ranks = new Map();
    this.loaded = this.weights();
    this.speak();
    form.addEventListener("input", () => this.move());
    form.addEventListener("change", () => this.announce());
    // A browser that comes back restores the sliders, not the order.
    window.addEventListener("pageshow", () => same(this.weights(), this.loaded) || this.move());
    this.offerToShare();
  }

  weights() {
    return this.inputs.map((input) => Number(input.value));
  }

  isOwn(weights) {
    return same(weights, this.own);
  }

  /** The brief's own weights count to the last digit, though a slider shows whole parts only. */
  sharesNow(weights) {
    return this.isOwn(weights) ? this.shares : sharesOf(weights);
  }

  move() {
    const weights = this.weights();
    const shares = this.sharesNow(weights);
    if (!shares) {
      this.status.textContent = this.form.dataset.nothing;
      return;
    }
    this.status.textContent = "";
    this.speak(shares);
    for (const group of this.groups) this.order(group, shares);
    this.tell(shares);
    this.remember(weights);
  }

  /** What each slider says: its part of all weight. */
  speak(shares = this.sharesNow(this.weights())) {
    if (!shares) return;
    this.inputs.forEach((input, k) => {
      const text = `${this.whole.format(100 * shares[k])} %`;
      input.setAttribute("aria-valuetext", text);
      input.parentElement.querySelector("output").textContent = text;
    });
  }

  order(group, shares) {
    if (group.entries.length === 0) return;
    const elements = new Map(group.entries.map((entry) => [entry.id, entry.element]));
    const found = ranked(group.entries, shares);
    const bands = new Map();
    for (const one of found) {
      const element = elements.get(one.id);
      this.show(element, one);
      if (!bands.has(one.band)) bands.set(one.band, this.band());
      bands.get(one.band).append(element);
    }
    const last = this.band();
    last.append(...group.unranked);
    for (const old of group.element.querySelectorAll(":scope > .band")) old.remove();
    group.element.append(...bands.values(), ...(group.unranked.length > 0 ? [last] : []));
    if (this.told === group) {
      this.first = elements.get(found[0].id).dataset.name;
    }
  }

  band() {
    const made = document.createElement("div");
    made.className = "band";
    return made;
  }

  show(element, { id, low, high, best, worst }) {
    this.ranks.set(id, best === worst ? String(best) : "");
    const text = `${this.number.format(low)}–${this.number.format(high)}`;
    element.querySelector("[data-rank]").textContent = best === worst ? best : `${best}–${worst}`;
    element.querySelector("[data-score-text]").textContent = text;
    const bar = element.querySelector(".score-bar");
    bar.setAttribute("aria-label", `${this.form.dataset.score} ${text}`);
    for (const [name, value] of [["low", low], ["mid", (low + high) / 2], ["high", high]]) {
      bar.style.setProperty(`--${name}`, `${(100 * value).toFixed(1)}%`);
    }
  }

  /** Shares beside what contributes, and what no longer holds. */
  tell(shares) {
    for (const place of document.querySelectorAll("[data-share-of]")) {
      place.textContent = this.whole.format(100 * shares[Number(place.dataset.shareOf)]);
    }
    const weights = this.weights();
    const moved = document.querySelector("[data-weights-moved]");
    if (moved) moved.hidden = this.isOwn(weights);
    const isStale = !same(weights, this.loaded);
    for (const note of document.querySelectorAll("[data-weights-stale]")) note.hidden = !isStale;
    for (const note of document.querySelectorAll("[data-leads]")) note.hidden = isStale;
  }

  /** The weights stand in the address, and in those of the other language and of the same answer for programs. */
  remember(weights) {
    const text = this.isOwn(weights) ? "" : weights.join(",");
    const put = (address) => {
      const url = new URL(address, location.href);
      url.searchParams.delete("w");
      if (text) url.searchParams.set("w", text);
      return url;
    };
    history.replaceState(history.state, "", put(location.href));
    for (const link of document.querySelectorAll(ADDRESSES)) link.href = put(link.href);
  }

  /** When a slider rests: what is first now, to ears and to the map. */
  announce() {
    if (this.ranks.size > 0) document.dispatchEvent(new CustomEvent("portico:ranked", { detail: this.ranks }));
    if (this.first && sharesOf(this.weights())) {
      this.status.textContent = this.form.dataset.first.replace("{name}", this.first);
    }
  }

  offerToShare() {
    const button = this.form.querySelector("[data-share]");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        this.status.textContent = this.form.dataset.copied;
      } catch {
        this.status.textContent = location.href;
      }
    });
  }
}

export function startSliders(root) {
  for (const form of root.querySelectorAll("form[data-sliders]")) new Sliders(form);
}
