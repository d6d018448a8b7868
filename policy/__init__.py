"""The policy pack: `pulumi preview --policy-pack policy`."""
