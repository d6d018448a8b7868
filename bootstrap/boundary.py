"""The permissions boundary of the roles that a stack creates.

Without it, a deployment could create a role with any permission and pass it to Lambda.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

import json

from bootstrap.permissions import boundary_statements
from bootstrap.scope import Scope


def boundary_policy(scope: Scope, *, state_bucket: str) -> str:
    """Return the policy, as JSON. A role can do what both this and its own policy allow."""
    statements = boundary_statements(scope)
    # Even if its name matches a pattern above.
    state = f"arn:aws:s3:::{state_bucket}"
    statements.append({"Effect": "Deny", "Action": "s3:*", "Resource": [state, f"{state}/*"]})
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
