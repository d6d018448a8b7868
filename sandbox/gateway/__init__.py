"""Serves a finished OpenAPI body over HTTP as API Gateway would."""
