"""Step Functions of the sandbox: MiniStack's interpreter, with calls by the machine's own role."""
