"""What the bills of clouds have in common: most of their lines are no tokens at all."""

MARKETPLACE_UNIT = 1e6  # "Units" of a line of AWS's Marketplace are millions of tokens
OTHER = "not generative"
NO_TOKENS = "Some lines of {} are billed by {}, not by tokens: their cost counts, their tokens are not known."
