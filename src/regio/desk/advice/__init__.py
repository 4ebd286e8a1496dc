"""Route advice as pure functions: rules in, advice out. No Django, database or clock.

`expressions` are yes, no or unknown about answers; `rules` reads a set of questions and routes; `walking` decides what
still matters and what to ask next; `judging` says per route whether it fits and why; `checking` walks through everything
people can answer; `comparing` tells two sets apart.
"""
