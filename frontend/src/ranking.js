/**
 * The order of a shortlist by given weights: the formulas of `match/shortlist.py` and `match/ranking.py`, in the page.
 *
 * An entry is { id, low: [value by want], high: [value by want] }, values between 0 and 1.
 */

/** Weights as parts of 1; nothing where none is above zero. */
export function sharesOf(weights) {
  const total = weights.reduce((sum, one) => sum + one, 0);
  return total > 0 ? weights.map((one) => one / total) : null;
}

function sum(shares, values) {
  return shares.reduce((total, share, k) => total + share * values[k], 0);
}

/** By the midpoint, the most first; the same midpoint by id. */
function byMiddle(one, other) {
  const difference = other.low + other.high - (one.low + one.high);
  return difference || (one.id < other.id ? -1 : 1);
}

/** How many of ``sorted`` stand before the first that is beyond. */
function countUntil(sorted, isBeyond) {
  let [start, end] = [0, sorted.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if (isBeyond(sorted[middle])) end = middle;
    else start = middle + 1;
  }
  return start;
}

/**
 * Entries in their order, each { id, low, high, best, worst, band }: the bounds of the score, the best and the worst rank
 * that the bounds allow, and the band, which joins entries that cannot be told apart.
 */
export function ranked(entries, shares) {
  const scored = entries
    .map(({ id, low, high }) => ({ id, low: sum(shares, low), high: sum(shares, high) }))
    .sort(byMiddle);
  const lows = scored.map((one) => one.low).sort((a, b) => a - b);
  const highs = scored.map((one) => one.high).sort((a, b) => a - b);
  const ceilings = new Array(scored.length);
  scored.reduceRight((most, one, index) => (ceilings[index] = Math.max(most, one.high)), -Infinity);
  let band = 0;
  let floor = Infinity;
  return scored.map((one, index) => {
    if (index === 0 || ceilings[index] < floor) band += 1;
    floor = Math.min(floor, one.low);
    return {
      ...one,
      best: 1 + scored.length - countUntil(lows, (low) => low > one.high),
      worst: scored.length - countUntil(highs, (high) => high >= one.low),
      band,
    };
  });
}
