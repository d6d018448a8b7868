"""The code of the Lambda that reads recordings back; this folder is its whole archive."""
