"""Every rule of the pack."""

from policy.api_rules import API_RULES, API_STACK_RULES
from policy.data_rules import BUCKETS_ARE_COMPLETE, DATA_RULES
from policy.iam_rules import IAM_RULES

RULES = (*IAM_RULES, *DATA_RULES, *API_RULES)
STACK_RULES = (BUCKETS_ARE_COMPLETE, *API_STACK_RULES)
