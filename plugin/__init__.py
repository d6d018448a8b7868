"""The plugin of Pulumi: `RrwebStore` for programs in other languages."""
