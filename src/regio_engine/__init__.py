"""Pure calculations for an onderwijsregio: numbers in, numbers out.

No Django, files, network, clock or global randomness. The web application enters through `regio.*.model_runs` only.
"""

MODEL_VERSION = "2026.1"
