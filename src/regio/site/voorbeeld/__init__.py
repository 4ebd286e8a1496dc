"""Regio Voorbeeld: an invented region, generated from a seed and written as files in the publishers' own formats.

The parts, in order: `timeline` (which counts exist on a day), `geography` and `boundaries` (invented land), `schools`
(boards and locations), `primary`, `secondary` and `vocational` (learners, simulated with the known rates of `truth`),
`region` (all of it together) and `writers` (one file per publisher's format). Nothing here reads or writes the
database: the files go in through the same importers as real ones.
"""
