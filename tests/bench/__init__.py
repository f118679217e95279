"""Measurements beside the peers, in one run, as ratios; nothing is asserted about time."""
