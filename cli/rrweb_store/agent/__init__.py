"""The tools of `rrweb-store mcp`, by which agents find and read recordings."""
