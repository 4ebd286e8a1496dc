"""Adapters for counts: pupils, exams, origins, forecasts of others, personnel, finance and training.

Other people's column names stop here. `READERS` lists every dataset.
"""

from . import (
    exams,
    finance,
    leavers,
    mbo,
    origins_vo,
    personnel,
    prognosis,
    pupils_2012,
    pupils_po,
    pupils_vo,
    training,
)

READERS = [
    *pupils_2012.READERS,
    *leavers.READERS,
    *pupils_po.READERS,
    *pupils_vo.READERS,
    *origins_vo.READERS,
    *mbo.READERS,
    *exams.READERS,
    *personnel.READERS,
    *finance.READERS,
    *training.READERS,
    *prognosis.READERS,
]
