"""The golden set: rounds of answers written for it, with what is true about them, and how well both summarisers do."""
