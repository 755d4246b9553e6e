"""Facts: what things cost and how fast they run, each with its source and date. May import the engine."""
