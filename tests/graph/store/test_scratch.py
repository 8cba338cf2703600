from pathlib import Path

import pyoxigraph as ox

from graph.store.scratch import scratch_folder


def test_the_folder_is_gone_although_the_store_is_not_closed() -> None:
    for _ in range(20):
        with scratch_folder("parley-test-") as folder:
            store = ox.Store(str(folder / "store"))
            store.extend(
                ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal("x" * 200)) for n in range(2000)
            )
        assert len(store) == 2000
        assert not Path(folder).exists()
