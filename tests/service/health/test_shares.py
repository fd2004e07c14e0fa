from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.service.health.rules.shares import Share, fell, pooled, rose

_SHARES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda two: Share(min(two), max(two))), max_size=30
)


@given(_SHARES, _SHARES)
def test_what_decides_early_decides_as_all_the_history_does(recent: list[Share], before: list[Share]) -> None:
    """A share is judged, and is bad, by the sums of all readings, however few of them are gone through."""
    now, usual = pooled(recent), pooled(before)
    is_judged = now.of > 0 and usual.of >= 10
    fallen, risen = fell(recent, iter(before)), rose(recent, iter(before))
    assert [fallen is not None, risen is not None] == [is_judged, is_judged]
    if fallen is not None and risen is not None:
        assert fallen.is_bad == (usual.rate >= 0.5 and now.rate < usual.rate / 2)
        assert risen.is_bad == (now.rate >= max(0.2, usual.rate * 3))
