"""A CloudFront of our own: serves one distribution from its bucket."""
