"""Measures the sandbox and the program: `python -m bench`, which prints tables.

A measurement is one module with one public function `measure_…` that returns a `Result`. To add
one, write its module, and name it in `run.py`.
"""
