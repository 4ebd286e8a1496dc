"""Adapters for counts: pupils, exams, origins, forecasts of others, personnel, finance and training.

Other people's column names stop here. `READERS` lists every dataset.
"""

from . import exams, leavers, pupils_2012, pupils_po, pupils_vo

READERS = [
    *pupils_2012.READERS,
    *leavers.READERS,
    *pupils_po.READERS,
    *pupils_vo.READERS,
    *exams.READERS,
]
