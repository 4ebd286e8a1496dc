"""How good forecasts are, beside the scorecard: noise, where bands come from, what was measured elsewhere, the register."""
