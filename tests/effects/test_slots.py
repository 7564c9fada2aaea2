from fedi.effects.slots import ALL, QUICK, Slots


def test_slow_hosts_leave_the_quick_slots_to_others() -> None:
    slots = Slots()
    for number in range(QUICK):
        slots.take(f"h{number}")
    assert slots.free() == 0
    for number in range(QUICK):
        slots.slow(f"h{number}")
    assert slots.free() == QUICK


def test_there_is_an_end_to_slow_hosts_too() -> None:
    slots = Slots()
    for number in range(ALL):
        assert slots.free() > 0
        slots.take(f"h{number}")
        slots.slow(f"h{number}")
    assert slots.free() == 0
    slots.release("h0")
    assert slots.free() == 1


def test_a_host_whose_turn_is_over_is_not_slow_any_more() -> None:
    slots = Slots()
    slots.take("h")
    slots.release("h")
    slots.slow("h")
    assert slots.free() == QUICK
