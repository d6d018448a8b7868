"""Resources that an account needs once, before GitHub may deploy to it."""
