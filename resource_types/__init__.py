"""The AWS resource types that the program creates: one row each, in `services/`.

A row holds all that the tools know of a type, so a new type takes one row and its tests. Fields of
a row, and their readers:

- `sandbox`: the sandbox's deployer and destroyer, and its list of services to start
- `create_calls`: `bench/`, which counts the calls of a first deployment
- `policy`, `grants`, `boundary`, `passes_role_to`: `bootstrap/`, which writes the deploy roles
- `arn`, `names`: `bootstrap/`, the sandbox and the tests' engine
- `found_by`, `inside`: the tests of `make leaks`
- `holds_data`: `policy/`, which refuses to deploy unprotected data to prod
- `longest_name`: the test of physical names
- `id`, `outputs`: the tests' engine and `bench/`
"""
