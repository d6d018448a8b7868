"""A small shop of another origin, which records its visitors by the script tag of a site."""
