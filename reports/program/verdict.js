// The headline and how each option stands, in the words of reports/words, from a model.
// Stands on results.js and words.js. `told` is { labels: by slug, horizon: "5 years", said: "in today's money", money }.

const listed = names => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ")

// Costs of those that may win: the allowed options, or all where there is none.
function contending(model) {
  const usdBy = costs(model), allowed = Object.keys(usdBy).filter(slug => !ruledOut(model, slug))
  return allowed.length ? Object.fromEntries(allowed.map(slug => [slug, usdBy[slug]])) : usdBy
}

// The cheapest of the allowed options and those that cannot be told from it; none where no option is allowed.
export function leaders(model) {
  return ruledOut(model, ranking(model)[0]) ? [] : closeToLeast(contending(model))
}

export function headline(model, { labels, horizon, said, money }) {
  const [best] = ranking(model)
  if (ruledOut(model, best)) {
    return `The rules of the scenario leave no option; without them ${labels[best]} would cost least.`
  }
  const usdBy = contending(model), [first, ...close] = closeToLeast(usdBy)
  const amount = `${usd(usdBy[first], money)} ${said}`, more = slug => dearer(usdBy[slug], usdBy[first], money)
  if (close.length) {
    const named = [`${labels[first]} (${amount})`, ...close.map(slug => `${labels[slug]} (${more(slug)})`)]
    return `Too close to call over ${horizon}: ${listed(named)}.`
  }
  const next = ranking(model).find(slug => slug !== first && slug in usdBy)
  const what = next || Object.keys(model.options).length === 1 ? "Cheapest" : "The only option that the rules leave"
  return `${what} over ${horizon}: ${labels[first]}, ${amount}${next ? `; next: ${labels[next]}, ${more(next)}` : ""}.`
}

// Slug -> "cheapest", "21 % more" or "ruled out".
export function differences(model, money) {
  const standings = standing(contending(model), money)
  return Object.fromEntries(Object.keys(model.options).map(slug => [slug, ruledOut(model, slug) ? "ruled out" : standings[slug]]))
}
