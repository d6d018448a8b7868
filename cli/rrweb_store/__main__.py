"""Makes `python -m rrweb_store` the same as `rrweb-store`."""

from rrweb_store.main import run

if __name__ == "__main__":
    run()
