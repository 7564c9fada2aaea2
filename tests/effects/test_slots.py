from fedi.effects.slots import QUICK, SLOW, Slots


def test_slow_hosts_leave_the_quick_places_to_others() -> None:
    slots = Slots()
    for number in range(QUICK):
        slots.take(f"slow{number}")
    assert slots.quick_free == 0
    for number in range(QUICK):
        slots.slow(f"slow{number}")
    assert (slots.quick_free, slots.slow_free) == (QUICK, SLOW - QUICK)


def test_hosts_that_failed_take_no_quick_place() -> None:
    slots = Slots()
    for number in range(SLOW):
        slots.take(f"failing{number}", failing=True)
    assert (slots.quick_free, slots.slow_free) == (QUICK, 0)


def test_there_is_an_end_to_slow_hosts() -> None:
    slots = Slots()
    for number in range(SLOW):
        slots.take(f"failing{number}", failing=True)
    slots.take("slow")
    slots.slow("slow")
    assert (slots.quick_free, slots.slow_free) == (QUICK - 1, 0)
    slots.release("failing7")
    slots.slow("slow")
    assert (slots.quick_free, slots.slow_free) == (QUICK, 0)


def test_a_host_whose_turn_is_over_is_not_counted() -> None:
    slots = Slots()
    slots.take("quick")
    slots.take("slow")
    slots.slow("slow")
    slots.release("quick")
    slots.release("slow")
    slots.slow("slow")
    assert (slots.quick_free, slots.slow_free) == (QUICK, SLOW)
