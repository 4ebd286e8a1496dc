"""A worker has the compiled simulation in memory before its first job asks for it."""

from regio.shared import jobs


def test_a_worker_that_warmed_up_compiles_nothing_more():
    from regio_engine.staff import kernel
    from regio_engine.staff.simulation import simulate
    from tests.engine.staff.staff_worlds import world

    jobs.warm_up()
    ready = list(kernel._block.signatures)
    simulate(world(), seed=1, draws=3, years=6)
    assert ready
    assert kernel._block.signatures == ready
