"""The command line of an rrweb store."""
